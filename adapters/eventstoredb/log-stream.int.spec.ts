import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  binaryEvent,
  EventStoreDBClient,
  jsonEvent,
  StreamDeletedError,
} from '@eventstore/db-client';
import { expect } from 'chai';
import pLimit from 'p-limit';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { failure } from '#shared/testing/failure.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from '../../test/support/an-event-store.ts';
import { isPassing, isStreamNotFound } from './failures.ts';
import { logStream, type LogAsked } from './log-stream.ts';
import type { RawEvent } from './raw-page.ts';

/** HTTP/2 servers take a thousand resets at first, and some tens a second from then on. */
const MANY = 4_000;

const SOME = [
  jsonEvent({
    type: 'Said',
    data: { text: 'água', of: ['ana', 1, null] },
    metadata: { by: 'ana' },
  }),
  jsonEvent({ type: 'Said', data: [] }),
  jsonEvent({ type: 'Said', data: 'x'.repeat(300_000), metadata: { by: null } }),
  binaryEvent({ type: 'Sent', data: Buffer.from([0, 255, 10]) }),
  binaryEvent({ type: 'Sent', data: Buffer.from('{'), metadata: Buffer.from('no JSON') }),
];

/** All that anybody looks at. */
const shown = (event: RawEvent) => ({
  ...{ id: event.id, streamId: event.streamId, revision: event.revision, type: event.type },
  ...{ position: event.position, isJson: event.isJson, created: event.created },
  data: event.data instanceof Uint8Array ? Buffer.from(event.data) : event.data,
  metadata: event.metadata instanceof Uint8Array ? Buffer.from(event.metadata) : event.metadata,
});

describe('The log, read event by event,', function () {
  this.timeout(90_000);
  let node: AnEmbeddedNode;
  let client: EventStoreDBClient;

  before(async () => {
    node = await anEmbeddedNode();
    client = EventStoreDBClient.connectionString(node.url);
    for (const stream of ['thing-1', `thing-água ${randomUUID()}`])
      await client.appendToStream(stream, SOME);
    await client.appendToStream('thing-small', SOME.slice(0, 1));
    await client.appendToStream('thing-gone', SOME);
    await client.deleteStream('thing-gone');
  });
  after(async () => {
    await client.dispose();
    await node.close();
  });

  const read = async (asked: LogAsked, most = Infinity) => {
    const events: RawEvent[] = [];
    for await (const event of logStream(client, asked)) {
      events.push(event);
      if (events.length === most) break;
    }
    return events;
  };

  it('is what the client itself makes of it', async () => {
    const theirs: RawEvent[] = [];
    for await (const { event } of client.readAll()) if (event?.position) theirs.push(event);
    const ours = await read({ from: BEGINNING });
    expect(ours.map(shown)).to.deep.equal(theirs.map(shown));
    expect(ours.length).to.be.greaterThan(2 * SOME.length);
    expect(ours.map(shown), 'however often one looks').to.deep.equal(ours.map(shown));
  });

  it('is so of one stream as well', async () => {
    const theirs: RawEvent[] = [];
    for await (const { event } of client.readStream('thing-1')) theirs.push(event as RawEvent);
    expect((await read({ stream: 'thing-1' })).map(shown)).to.deep.equal(theirs.map(shown));
    expect(theirs).to.have.length(SOME.length);
    for (const stream of ['thing-never', 'thing-gone'])
      expect(isStreamNotFound(await failure(read({ stream }))), stream).to.equal(true);
    await client.tombstoneStream('thing-gone');
    const gone = await failure(read({ stream: 'thing-gone' }));
    expect(gone).to.be.instanceOf(StreamDeletedError);
  });

  it('is read to the end of the call: servers leave whoever cancels too many', async () => {
    const inTurn = pLimit(50);
    const streams = Array.from({ length: MANY }, (_, nth) =>
      nth % 2 ? 'thing-small' : `none-${nth}`,
    );
    const outcomes = await inTurn.map(streams, (stream) =>
      read({ stream }).then(
        (events) => events.length,
        (error: unknown) => (isStreamNotFound(error) ? 'none' : String(error)),
      ),
    );
    expect(new Set<unknown>(outcomes)).to.deep.equal(new Set(['none', 1]));
  });

  it('begins at a position, and ends after so many', async () => {
    const all = await read({ from: BEGINNING });
    const from = all[3]?.position.commit ?? 0n;
    const some = await read({ from, most: 4 });
    expect(some.map(shown)).to.deep.equal(all.slice(3, 7).map(shown));
  });

  it('goes on as it grows, when it is subscribed to', async () => {
    const all = await read({ from: BEGINNING });
    const last = all.at(-1)?.position.commit ?? 0n;
    const live = logStream(client, { from: last, live: true });
    const first = once(live, 'data');
    await client.appendToStream('thing-2', SOME.slice(0, 1));
    const [event] = (await first) as [RawEvent];
    expect(event).to.include({ streamId: 'thing-2', revision: 0n });
    live.destroy();
  });

  it('fails as the client does, and passes when the server does', async () => {
    const nowhere = EventStoreDBClient.connectionString('esdb://127.0.0.1:1?tls=false');
    const failed = await failure(once(logStream(nowhere, { from: BEGINNING }), 'end'));
    expect(isPassing(failed), String(failed)).to.equal(true);
    expect(failed).to.have.property('type', 'unavailable');
    await nowhere.dispose();
  });

  it('ends when its client does, and when nobody wants it any more', async () => {
    const other = EventStoreDBClient.connectionString(node.url);
    const live = logStream(other, { from: BEGINNING, live: true });
    const ended = once(live.resume(), 'end');
    await once(live, 'data');
    await other.dispose();
    await ended;
    const unwanted = logStream(client, { from: BEGINNING });
    unwanted.destroy();
    await once(unwanted, 'close');
  });
});
