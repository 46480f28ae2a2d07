import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { expect } from 'chai';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { batchRequestFrom } from './batch-request.ts';
import { identifierOf } from './identifier.ts';
import { uuidBytes } from './uuid.ts';
import { wire } from './wire.ts';

const { BatchAppendReq } = streams;
const ID = 'f190f3a1-5b7e-4c39-9c55-0d8a3f6b1e20';

const read = (request: streams.BatchAppendReq) =>
  batchRequestFrom(Buffer.from(request.serializeBinary()));
const someOptions = () => new BatchAppendReq.Options().setStreamIdentifier(identifierOf('spéc'));
const optionsOf = (options: streams.BatchAppendReq.Options) =>
  read(new BatchAppendReq().setOptions(options)).options;
const halves = () => {
  const bytes = uuidBytes(ID);
  return new shared.UUID().setStructured(
    new shared.UUID.Structured()
      .setMostSignificantBits(String(bytes.readBigInt64BE(0)))
      .setLeastSignificantBits(String(bytes.readBigInt64BE(8))),
  );
};
const eventOf = (id: shared.UUID) => {
  const event = new BatchAppendReq.ProposedMessage().setId(id);
  event.getMetadataMap().set('type', 'Geschähen').set('content-type', 'application/json');
  event.getMetadataMap().set('something', 'else');
  return event.setData(Buffer.from('{"a":1}')).setCustomMetadata(Buffer.from('{}'));
};

describe('A chunk of a batch, read by hand,', () => {
  it('is what the library wrote', () => {
    const correlation = new shared.UUID().setString(ID);
    const request = new BatchAppendReq()
      .setCorrelationId(correlation)
      .setIsFinal(true)
      .setProposedMessagesList([eventOf(halves()), eventOf(new shared.UUID().setString(ID))]);
    const chunk = read(request);
    expect(chunk.correlation).to.deep.equal(Buffer.from(correlation.serializeBinary()));
    expect(chunk).to.include({ options: undefined, isFinal: true });
    expect(chunk.events).to.deep.equal(
      [1, 2].map(() => ({
        id: ID,
        type: 'Geschähen',
        contentType: 'application/json',
        data: Buffer.from('{"a":1}'),
        metadata: Buffer.from('{}'),
      })),
    );
  });

  it('has nothing that was not written', () => {
    const nothing = { correlation: undefined, options: undefined, events: [], isFinal: false };
    expect(read(new BatchAppendReq())).to.deep.equal(nothing);
    const bare = new BatchAppendReq().setProposedMessagesList([
      new BatchAppendReq.ProposedMessage(),
    ]);
    expect(read(bare).events[0]).to.deep.include({
      id: '',
      type: undefined,
      contentType: undefined,
    });
  });

  it('names the stream, and has that name as it came', () => {
    const options = optionsOf(someOptions());
    expect(options?.streamName.toString()).to.equal('spéc');
    const identifier = Buffer.from(identifierOf('spéc').serializeBinary());
    expect(options?.identifier).to.deep.equal(identifier);
  });

  for (const [said, options, expected] of [
    ['any', someOptions().setAny(new empty.Empty()), 'any'],
    ['nothing', someOptions(), 'any'],
    ['no stream', someOptions().setNoStream(new empty.Empty()), 'no-stream'],
    ['that it exists', someOptions().setStreamExists(new empty.Empty()), 'stream-exists'],
    ['revision 0', someOptions().setStreamPosition('0'), 0n],
    ['the last', someOptions().setStreamPosition('18446744073709551615'), 2n ** 64n - 1n],
  ] as const)
    it(`expects ${expected} where ${said} is said of the stream`, () => {
      expect(optionsOf(options)?.expected).to.equal(expected);
    });

  it('says until when to try', () => {
    for (const [deadline, ms] of [
      [undefined, Infinity],
      [new timestamp.Timestamp().setSeconds(1_767_312_000).setNanos(5e6), 1_767_312_000_005],
      [new timestamp.Timestamp().setSeconds(-1), -1_000],
    ] as const)
      expect(optionsOf(someOptions().setDeadline(deadline))?.deadline).to.equal(ms);
  });

  it('says for how long to try, in the words of newer clients', () => {
    const message = wire(64);
    message.uint(2, 5e8);
    message.uint(1, 3);
    message.message(7, 0);
    message.message(2, 0);
    const { options } = batchRequestFrom(message.take());
    expect(options).to.include({ within: 3_500, deadline: Infinity });
  });
});
