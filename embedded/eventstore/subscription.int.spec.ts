import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';
import { credentials, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { expect } from 'chai';
import { eventually } from '../testing/eventually.ts';
import { all, events } from './conformance/the-client.ts';
import { eventStoreNode, type EventStoreNode } from './node.ts';

const { ReadReq, ReadResp } = streams;
const { FilterOptions } = ReadReq.Options;
const { EVENT, CHECKPOINT, CAUGHT_UP, CONFIRMATION } = ReadResp.ContentCase;

const INTERVAL = 5;

/** As it comes over the wire: the client keeps no order between events and what is told of them. */
describe('What a filtered subscription is told', function () {
  this.timeout(90_000);

  let directory: string;
  let node: EventStoreNode;
  let raw: services.StreamsClient;
  let client: EventStoreDBClient;
  let call: ClientReadableStream<streams.ReadResp>;
  let told: streams.ReadResp[];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-subscription-'));
    node = await eventStoreNode({ directory, port: 0 });
    raw = new services.StreamsClient(`127.0.0.1:${node.port}`, credentials.createInsecure());
    client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
    for (let nth = 0; nth < 30; nth += 1)
      await client.appendToStream(`${nth % 3 === 0 ? 'wanted' : 'other'}-${nth}`, events(1));
  });
  beforeEach(() => {
    const filter = new FilterOptions()
      .setStreamIdentifier(new FilterOptions.Expression().setPrefixList(['wanted-']))
      .setMax(INTERVAL)
      .setCheckpointintervalmultiplier(1);
    const options = new ReadReq.Options()
      .setAll(new ReadReq.Options.AllOptions().setStart(new shared.Empty()))
      .setSubscription(new ReadReq.Options.SubscriptionOptions())
      .setFilter(filter)
      .setUuidOption(new ReadReq.Options.UUIDOption().setString(new shared.Empty()));
    told = [];
    call = raw.read(new ReadReq().setOptions(options));
    call
      .on('data', (answer: streams.ReadResp) => told.push(answer))
      .on('error', (_cancelled: ServiceError) => undefined);
  });
  afterEach(() => {
    call.cancel();
  });
  after(async () => {
    raw.close();
    await client.dispose();
    await node.close();
    await rm(directory, { recursive: true, force: true });
  });

  const of = (kind: streams.ReadResp.ContentCase) =>
    told.filter((answer) => answer.getContentCase() === kind);
  const isLive = () => of(CAUGHT_UP).length > 0;
  const eventsIn = (answers: readonly streams.ReadResp[]) =>
    answers.flatMap((answer) => {
      const event = answer.getEvent();
      return event ? [Number(event.getCommitPosition())] : [];
    });

  it('begins with a confirmation, and goes live with a checkpoint at the end of the log', async () => {
    await eventually(isLive);
    const kinds = told.map((answer) => answer.getContentCase());
    expect(kinds[0]).to.equal(CONFIRMATION);
    expect(kinds.slice(-2)).to.deep.equal([CHECKPOINT, CAUGHT_UP]);
    const last = of(CHECKPOINT).at(-1)?.getCheckpoint()?.getCommitPosition();
    const [end] = await all(
      client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 }),
    );
    expect(last).to.equal(String(end?.event?.position.commit));
    await client.appendToStream('wanted-later', events(1));
    await eventually(() => of(EVENT).length === 11);
  });

  it('is never told of an event from before a checkpoint after that checkpoint', async () => {
    await eventually(isLive);
    await client.appendToStream('other-live', events(2 * INTERVAL));
    await eventually(() => told.at(-1)?.getContentCase() === CHECKPOINT);
    expect(of(CHECKPOINT).length).to.be.at.least(34 / INTERVAL);

    for (const [index, answer] of told.entries()) {
      const checkpoint = answer.getCheckpoint();
      if (!checkpoint) continue;
      const at = Number(checkpoint.getCommitPosition());
      expect(eventsIn(told.slice(0, index)).filter((event) => event > at)).to.deep.equal([]);
      expect(eventsIn(told.slice(index)).filter((event) => event <= at)).to.deep.equal([]);
    }
  });
});
