import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { credentials, status, type ServiceError } from '@grpc/grpc-js';
import { expect } from 'chai';
import { identifierOf } from './identifier.ts';
import { eventStoreNode, type EventStoreNode } from './node.ts';

const { AppendReq, ReadReq } = streams;
const { BACKWARDS, FORWARDS } = ReadReq.Options.ReadDirection;
/** How older clients say 'end'. */
const LARGEST = '18446744073709551615';
const ID = 'f190f3a1-5b7e-4c39-9c55-0d8a3f6b1e20';
const TYPED = { type: 'Happened', 'content-type': 'application/json' };

const begins = (stream: string) =>
  new AppendReq().setOptions(
    new AppendReq.Options().setStreamIdentifier(identifierOf(stream)).setAny(new shared.Empty()),
  );
const proposes = (properties: Readonly<Record<string, string>>, id: string = randomUUID()) => {
  const event = new AppendReq.ProposedMessage().setId(new shared.UUID().setString(id));
  for (const [key, value] of Object.entries(properties)) event.getMetadataMap().set(key, value);
  return new AppendReq().setProposedMessage(event.setData(Buffer.from('{}')));
};
const ofStream = (stream: string) =>
  new ReadReq.Options.StreamOptions()
    .setStreamIdentifier(identifierOf(stream))
    .setStart(new shared.Empty());
const reads = (of: streams.ReadReq.Options.StreamOptions) =>
  new ReadReq.Options()
    .setStream(of)
    .setCount('100')
    .setReadDirection(FORWARDS)
    .setNoFilter(new shared.Empty())
    .setUuidOption(new ReadReq.Options.UUIDOption().setString(new shared.Empty()));

/** What the client of EventStoreDB cannot be made to send, or does not show. */
describe('The protocol', function () {
  this.timeout(90_000);

  let directory: string;
  let node: EventStoreNode;
  let client: services.StreamsClient;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-protocol-'));
    node = await eventStoreNode({ directory, port: 0 });
    client = new services.StreamsClient(`127.0.0.1:${node.port}`, credentials.createInsecure());
  });
  after(async () => {
    client.close();
    await node.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** What an append over a call of its own is answered: once. */
  const append = async (requests: readonly streams.AppendReq[]) => {
    const answers: (ServiceError | streams.AppendResp | undefined)[] = [];
    await new Promise<void>((resolve) => {
      const call = client.append((error, answer) => {
        answers.push(error ?? answer);
        resolve();
      });
      for (const request of requests) call.write(request);
      call.end();
    });
    await pause(20);
    expect(answers).to.have.length(1);
    return answers[0];
  };
  const read = async (options: streams.ReadReq.Options) => {
    const answers: streams.ReadResp[] = [];
    const call = client.read(new ReadReq().setOptions(options));
    call.on('data', (answer: streams.ReadResp) => answers.push(answer));
    await once(call, 'end');
    return answers;
  };
  const refusal = async (options: streams.ReadReq.Options) => {
    try {
      await read(options);
    } catch (error) {
      return (error as ServiceError).code;
    }
    return status.OK;
  };

  it('names what an appended event lacks, and lets go by what still comes', async () => {
    const many = Array.from({ length: 200 }, () => proposes(TYPED));
    const answer = await append([begins(randomUUID()), proposes({ type: 'x' }), ...many]);
    const { code, metadata } = answer as ServiceError;
    expect(code).to.equal(status.INVALID_ARGUMENT);
    expect(metadata.getMap()).to.deep.include({
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    });
  });

  it('has an append begin with its options', async () => {
    for (const requests of [[], [proposes(TYPED)]]) {
      const answer = (await append(requests)) as ServiceError;
      expect(answer.code).to.equal(status.INVALID_ARGUMENT);
    }
  });

  it('tells ids in two halves to whoever wants them so', async () => {
    const stream = randomUUID();
    await append([begins(stream), proposes(TYPED, ID)]);
    const halves = new ReadReq.Options.UUIDOption().setStructured(new shared.Empty());
    const [answer] = await read(reads(ofStream(stream)).setUuidOption(halves));
    const id = answer?.getEvent()?.getEvent()?.getId()?.getStructured();
    const bytes = Buffer.alloc(16);
    bytes.writeBigInt64BE(BigInt(id?.getMostSignificantBits() ?? 0));
    bytes.writeBigInt64BE(BigInt(id?.getLeastSignificantBits() ?? 0), 8);
    expect(bytes.toString('hex')).to.equal(ID.replaceAll('-', ''));
  });

  it('takes the largest number for the end', async () => {
    const stream = randomUUID();
    await append([begins(stream), proposes(TYPED), proposes(TYPED)]);
    const fromEnd = ofStream(stream).setRevision(LARGEST);
    expect(await read(reads(fromEnd))).to.have.length(0);
    expect(await read(reads(fromEnd).setReadDirection(BACKWARDS))).to.have.length(2);
  });

  it('reads everything through a filter', async () => {
    const stream = randomUUID();
    await append([begins(stream), proposes(TYPED), proposes(TYPED)]);
    const { FilterOptions, AllOptions } = ReadReq.Options;
    const filter = new FilterOptions()
      .setStreamIdentifier(new FilterOptions.Expression().setPrefixList([stream]))
      .setCount(new shared.Empty())
      .setCheckpointintervalmultiplier(1);
    const options = reads(ofStream(stream))
      .setAll(new AllOptions().setStart(new shared.Empty()))
      .setFilter(filter)
      .setCount('1');
    expect(await read(options)).to.have.length(1);
    expect(await read(options.setCount('9'))).to.have.length(2);
  });

  for (const [flaw, options] of [
    ['of nothing', new ReadReq.Options().setCount('1')],
    ['of no events', reads(ofStream('any')).setCount('0')],
    ['of a stream without a name', reads(ofStream(''))],
  ] as const)
    it(`refuses a read ${flaw}`, async () => {
      expect(await refusal(options)).to.equal(status.INVALID_ARGUMENT);
    });

  it('answers a name that is not ASCII in trailers that are', async () => {
    const stream = `spéc-${randomUUID()}`;
    const tombstoned = new streams.TombstoneReq().setOptions(
      new streams.TombstoneReq.Options()
        .setStreamIdentifier(identifierOf(stream))
        .setAny(new shared.Empty()),
    );
    await new Promise((resolve) => client.tombstone(tombstoned, resolve));
    const answer = (await append([begins(stream), proposes(TYPED)])) as ServiceError;
    expect(answer.metadata.getMap()['stream-name']).to.equal(encodeURIComponent(stream));
  });
});
