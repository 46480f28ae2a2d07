import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { credentials, type ClientDuplexStream } from '@grpc/grpc-js';
import { expect } from 'chai';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { identifierOf } from './identifier.ts';
import { eventStoreNode, type EventStoreNode } from './node.ts';

const { BatchAppendReq } = streams;
type Batch = ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;
type Chunk = {
  readonly stream?: string;
  readonly events?: readonly Uint8Array[];
  readonly final?: boolean;
  readonly deadline?: Date;
};

const WRITE_TIMEOUT_MS = 1_500;
const TYPED = { type: 'Happened', 'content-type': 'application/json' };

const textId = (id: string = randomUUID()) => new shared.UUID().setString(id);
const halvesId = (most: string, least: string) =>
  new shared.UUID().setStructured(
    new shared.UUID.Structured().setMostSignificantBits(most).setLeastSignificantBits(least),
  );
const message = (data: Uint8Array, properties: Readonly<Record<string, string>> = TYPED) => {
  const proposed = new BatchAppendReq.ProposedMessage().setId(textId()).setData(data);
  for (const [key, value] of Object.entries(properties)) proposed.getMetadataMap().set(key, value);
  return proposed;
};
const chunk = (
  correlation: shared.UUID,
  { stream, events = [], final = true, deadline }: Chunk,
): streams.BatchAppendReq => {
  const request = new BatchAppendReq()
    .setCorrelationId(correlation)
    .setIsFinal(final)
    .setProposedMessagesList(events.map((data) => message(data)));
  if (stream !== undefined) {
    const options = new BatchAppendReq.Options().setStreamIdentifier(identifierOf(stream));
    options.setAny(new empty.Empty());
    if (deadline) options.setDeadline(timestamp.Timestamp.fromDate(deadline));
    request.setOptions(options);
  }
  return request;
};
const said = (answer: streams.BatchAppendResp): string => {
  const error = answer.getError();
  return error ? error.getMessage() : `written at ${answer.getSuccess()?.getCurrentRevision()}`;
};
const JSON_DATA = Buffer.from('{}');

/** What the client of EventStoreDB cannot be made to send. */
describe('A batch of appends', function () {
  this.timeout(90_000);

  let directory: string;
  let node: EventStoreNode;
  let client: services.StreamsClient;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-protocol-'));
    node = await eventStoreNode({ directory, port: 0, writeTimeoutMs: WRITE_TIMEOUT_MS });
    client = new services.StreamsClient(`127.0.0.1:${node.port}`, credentials.createInsecure());
  });
  after(async () => {
    client.close();
    await node.close();
    await rm(directory, { recursive: true, force: true });
  });

  let batch: Batch;
  let answers: streams.BatchAppendResp[];

  beforeEach(() => {
    batch = client.batchAppend();
    answers = [];
    batch.on('data', (answer: streams.BatchAppendResp) => {
      answers.push(answer);
      batch.emit('answered');
    });
  });
  const answered = async (count: number) => {
    while (answers.length < count) await once(batch, 'answered');
    return answers.map(said);
  };
  /** Ends the call in order, so that whatever was still to come has come. */
  afterEach(async () => {
    batch.end();
    await once(batch, 'end');
    const ids = answers.map((answer) => JSON.stringify(answer.getCorrelationId()?.toObject()));
    expect(new Set(ids).size, 'each is answered once').to.equal(ids.length);
  });

  it('takes chunks of several as they come', async () => {
    const [a, b] = [textId(), halvesId('-1', '5')];
    const [first, second] = [randomUUID(), randomUUID()];
    batch.write(chunk(a, { stream: first, final: false }));
    batch.write(chunk(b, { stream: second, events: [JSON_DATA], final: false }));
    batch.write(chunk(a, { events: [JSON_DATA, JSON_DATA], final: false }));
    batch.write(chunk(b, { events: [JSON_DATA] }));
    batch.write(chunk(a, { events: [JSON_DATA] }));
    expect((await answered(2)).toSorted()).to.deep.equal(['written at 1', 'written at 2']);
    const echoed = answers.map((answer) => answer.getCorrelationId()?.toObject());
    expect(echoed).to.have.deep.members([a.toObject(), b.toObject()]);
  });

  it('gives no answer to a chunk of what it does not know', async () => {
    batch.write(chunk(textId(), { events: [JSON_DATA] }));
    batch.write(chunk(textId(), { stream: randomUUID(), events: [JSON_DATA] }));
    expect(await answered(1)).to.deep.equal(['written at 0']);
  });

  it('gives up at once what comes after its deadline', async () => {
    const deadline = new Date(1_000);
    batch.write(chunk(textId(), { stream: randomUUID(), events: [JSON_DATA], deadline }));
    expect(await answered(1)).to.deep.equal(['Timeout']);
  });

  it('gives up what does not become complete, and then ignores the rest of it', async () => {
    const [late, stream] = [textId(), randomUUID()];
    batch.write(chunk(late, { stream, events: [JSON_DATA], final: false }));
    expect(await answered(1)).to.deep.equal(['Timeout']);
    batch.write(chunk(late, { events: [JSON_DATA] }));
    batch.write(chunk(textId(), { stream, events: [JSON_DATA] }));
    expect(await answered(2)).to.deep.equal(['Timeout', 'written at 0']);
  });

  it('refuses what is too large before all of it has come', async () => {
    const large = textId();
    const events = [new Uint8Array(5 * 1024 * 1024)];
    batch.write(chunk(large, { stream: randomUUID(), events, final: false }));
    expect(await answered(1)).to.deep.equal(['Maximum Append Size of 1048576 Exceeded.']);
    batch.write(chunk(large, { events: [JSON_DATA] }));
    batch.write(chunk(textId(), { stream: randomUUID(), events: [JSON_DATA] }));
    expect((await answered(2))[1]).to.equal('written at 0');
  });

  for (const [flaw, properties, words] of [
    ['has no type', { 'content-type': 'application/json' }, "without 'type' and 'content-type'"],
    ['has no content type', { type: 'Happened' }, "without 'type' and 'content-type'"],
    ['has an empty type', { ...TYPED, type: '' }, 'type of an event is not empty'],
  ] as const)
    it(`refuses an event that ${flaw}, and goes on with the others`, async () => {
      const refused = chunk(textId(), { stream: randomUUID() });
      refused.setProposedMessagesList([message(JSON_DATA, properties)]);
      batch.write(refused);
      expect((await answered(1))[0]).to.include(words);
      expect(answers[0]?.hasStreamIdentifier(), 'the client reads it').to.equal(true);
      batch.write(chunk(textId(), { stream: randomUUID(), events: [JSON_DATA] }));
      expect((await answered(2))[1]).to.equal('written at 0');
    });

  it('refuses an event without an id', async () => {
    const refused = chunk(textId(), { stream: randomUUID() });
    refused.setProposedMessagesList([message(JSON_DATA).setId(undefined)]);
    batch.write(refused);
    expect((await answered(1))[0]).to.include('is not the id of an event');
  });
});
