import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { EventStoreDBClient, jsonEvent, WrongExpectedVersionError } from '@eventstore/db-client';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { expect } from 'chai';
import { failure } from '#shared/testing/failure.ts';
import { aCable, type ACable } from '../../test/support/a-cable.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from '../../test/support/an-event-store.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { batching, SHARED_AT_MOST, type Batching } from './batching.ts';
import { isPassing } from './failures.ts';
import { inside } from './inside.ts';

const AT_ONCE = 100;
/** Some of so many are late, and all behind them. */
const LATE_AMONG = 1_000;
const { signal } = new AbortController();
setMaxListeners(AT_ONCE + 20, signal);

const toAppend = (stream = `thing-${randomUUID()}`) => ({
  stream,
  expected: 'no-stream' as const,
  events: [jsonEvent({ type: 'Said', data: { text: 'água' }, metadata: { by: 'ana' } })],
});

describe('Appends that share a call', function () {
  this.timeout(90_000);
  let node: AnEmbeddedNode;
  let cable: ACable;
  let client: EventStoreDBClient;
  let witness: EventStoreDBClient;
  let batches: Batching;

  const stored = async (stream: string) => {
    const found: unknown[] = [];
    for await (const { event } of witness.readStream(stream))
      found.push({ id: event?.id, data: event?.data, metadata: event?.metadata });
    return found;
  };
  const isStored = (stream: string) =>
    stored(stream).then(
      () => true,
      () => false,
    );

  before(async () => {
    node = await anEmbeddedNode();
    cable = await aCable(node.port);
    witness = EventStoreDBClient.connectionString(node.url);
  });
  beforeEach(() => {
    client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${cable.port}?tls=false`);
    batches = batching(client);
  });
  afterEach(async () => {
    cable.mend();
    batches.close();
    await client.dispose();
  });
  after(async () => {
    await witness.dispose();
    await cable.close();
    await node.close();
  });

  it('are answered each for itself', async () => {
    const all = Array.from({ length: AT_ONCE }, () => toAppend());
    const done = await Promise.all(all.map((what) => batches.append(what, signal)));
    expect(new Set(done.map(({ position }) => position?.commit)).size).to.equal(AT_ONCE);
    const [what = toAppend()] = all;
    expect(done[0]).to.deep.include({ success: true, nextExpectedRevision: 0n });
    const [event] = what.events;
    expect(await stored(what.stream)).to.deep.equal([
      { id: event?.id, data: event?.data, metadata: event?.metadata },
    ]);
  });

  it('leave over more calls than one only when many come in the same moment', async () => {
    const streams = await inside(client).getGRPCClient(services.StreamsClient, 'spec');
    const make = streams.batchAppend.bind(streams);
    let calls = 0;
    streams.batchAppend = ((...given: Parameters<typeof make>) => {
      calls += 1;
      return make(...given);
    }) as typeof streams.batchAppend;
    for (let nth = 0; nth < 10; nth += 1) await batches.append(toAppend(), signal);
    expect(calls).to.equal(1);
    const all = Array.from({ length: AT_ONCE }, () => batches.append(toAppend(), signal));
    await Promise.all(all);
    expect(calls).to.be.within(2, SHARED_AT_MOST);
  });

  it('are refused each for itself, in the words of the client', async () => {
    const taken = toAppend();
    await batches.append(taken, signal);
    const [refused, done] = await Promise.all([
      failure(batches.append(toAppend(taken.stream), signal)),
      batches.append(toAppend(), signal),
    ]);
    expect(refused).to.be.instanceOf(WrongExpectedVersionError).and.include({ actualVersion: 0n });
    expect(done.nextExpectedRevision).to.equal(0n);
  });

  it('may be given up: an answer that comes after that is nobody’s', async () => {
    await batches.append(toAppend(), signal);
    cable.mute();
    const [impatient, patient] = [new AbortController(), toAppend()];
    const given = toAppend();
    const answers = [
      failure(batches.append(given, impatient.signal)),
      batches.append(patient, signal),
    ];
    await waitUntil('both are in the log', async () =>
      (await Promise.all([given, patient].map(({ stream }) => isStored(stream)))).every(Boolean),
    );
    const why = new Error('No time');
    impatient.abort(why);
    expect(await answers[0]).to.equal(why);
    cable.mend();
    expect(await answers[1]).to.deep.include({ nextExpectedRevision: 0n });
    expect(await batches.append(toAppend(), signal)).to.deep.include({ nextExpectedRevision: 0n });
  });

  it('fail together with their call, and with no other', async () => {
    const other = batching(witness);
    await batches.append(toAppend(), signal);
    cable.mute();
    const failing = Array.from({ length: 5 }, () => failure(batches.append(toAppend(), signal)));
    const going = Array.from({ length: 5 }, () => other.append(toAppend(), signal));
    cable.cut();
    const failures = await Promise.all(failing);
    for (const one of failures) expect(isPassing(one), String(one)).to.equal(true);
    for (const { nextExpectedRevision } of await Promise.all(going))
      expect(nextExpectedRevision).to.equal(0n);
    other.close();
    cable.mend();
    await waitUntil('it has dialled again', () =>
      batches.append(toAppend(), signal).then(
        () => true,
        () => false,
      ),
    );
  });

  it('are held up by no more than one call that hangs', async () => {
    const held = await anEmbeddedNode(['--chaos=late-batch-reply']);
    const slow = EventStoreDBClient.connectionString(held.url);
    const shared = batching(slow);
    await shared.append(toAppend(), signal);
    let isLate = true;
    const late = shared.append(toAppend(), signal).then(() => (isLate = false));
    for (let nth = 0; nth < 20; nth += 1) await shared.append(toAppend(), signal);
    expect(isLate, 'the second answer of that server is late').to.equal(true);
    await late;
    shared.close();
    await slow.dispose();
    await held.close();
  });

  it('are not held up by what holds up the others, when they are made alone', async () => {
    const held = await anEmbeddedNode(['--chaos=late-batch-reply']);
    const slow = EventStoreDBClient.connectionString(held.url);
    const shared = batching(slow);
    const late = new AbortController();
    setMaxListeners(LATE_AMONG, late.signal);
    const together = Array.from({ length: LATE_AMONG }, () =>
      failure(shared.append(toAppend(), late.signal)),
    );
    await Promise.any(Array.from({ length: 10 }, () => shared.append(toAppend(), signal, true)));
    const why = new Error('Enough');
    late.abort(why);
    expect(await Promise.all(together)).to.include(why);
    shared.close();
    await slow.dispose();
    await held.close();
  });

  it('end with the connection, and say so', async () => {
    await batches.append(toAppend(), signal);
    cable.mute();
    const pending = failure(batches.append(toAppend(), signal));
    await new Promise(setImmediate);
    batches.close();
    expect(await pending).to.match(/was closed/);
  });
});
