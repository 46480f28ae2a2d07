import streams from '@eventstore/db-client/generated/streams_pb.js';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  answerOf,
  createdAt,
  dataOf,
  encodeRecord,
  LINK_TYPE,
  positionOf,
  resolvedAnswer,
  revisionOf,
  streamOf,
  TOMBSTONE_REVISION,
  typeOf,
  type Place,
  type Proposed,
} from './record.ts';

const proposed = (more: Partial<Proposed> = {}): Proposed => ({
  id: '0190f3a1-5b7e-4c39-9c55-0d8a3f6b1e20',
  type: 'SwapStarted',
  contentType: 'application/json',
  metadata: Buffer.from('{"actor":"u-1"}'),
  data: Buffer.from('{"swap":14}'),
  ...more,
});
const place = (more: Partial<Place> = {}): Place => ({
  stream: 'swap-14',
  revision: 3,
  position: 4711,
  created: 1_767_312_000_123,
  ...more,
});

const read = (answer: Buffer) => {
  const event = streams.ReadResp.deserializeBinary(answer).getEvent();
  if (!event) throw new Error('Not an answer with an event');
  return event;
};
const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');
const told = (event = new streams.ReadResp.ReadEvent.RecordedEvent()) => ({
  id: event.getId()?.getString(),
  stream: hex(event.getStreamIdentifier()?.getStreamName_asU8()),
  revision: event.getStreamRevision(),
  positions: [event.getCommitPosition(), event.getPreparePosition()],
  properties: new Map(event.getMetadataMap().toObject()),
  metadata: hex(event.getCustomMetadata_asU8()),
  data: hex(event.getData_asU8()),
});
const expected = (event: Proposed, at: Place) => ({
  id: event.id,
  stream: hex(Buffer.from(at.stream)),
  revision: String(at.revision),
  positions: [String(at.position), String(at.position)],
  properties: new Map([
    ['type', event.type],
    ['content-type', event.contentType],
    ['created', `${at.created}0000`],
  ]),
  metadata: hex(event.metadata),
  data: hex(event.data),
});

const bytes = fc.uint8Array({ maxLength: 400 });
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
const amount = fc.maxSafeNat();
const anyRecord = fc.record({
  event: fc.record({
    id: fc.uuid(),
    type: name,
    contentType: name,
    metadata: bytes,
    data: fc.oneof(bytes, fc.uint8Array({ minLength: 60_000, maxLength: 70_000 })),
  }),
  at: fc.record({ stream: name, revision: amount, position: amount, created: amount }),
});

describe('A record', () => {
  it('is the message that the client reads, whatever is in it', () => {
    fc.assert(
      fc.property(anyRecord, ({ event, at }) => {
        const answer = read(answerOf(encodeRecord(event, at)));
        expect(told(answer.getEvent())).to.deep.equal(expected(event, at));
        expect(answer.getCommitPosition()).to.equal(String(at.position));
        expect(answer.hasLink()).to.equal(false);
      }),
      { seed: 20_260_102, numRuns: 200 },
    );
  });

  it('gives the parts the server looks at, whatever is in it', () => {
    fc.assert(
      fc.property(anyRecord, ({ event, at }) => {
        const record = encodeRecord(event, at);
        expect([streamOf(record), typeOf(record)]).to.deep.equal([at.stream, event.type]);
        expect([revisionOf(record), positionOf(record), createdAt(record)]).to.deep.equal([
          at.revision,
          at.position,
          at.created,
        ]);
        expect(dataOf(record).equals(event.data)).to.equal(true);
      }),
      { seed: 20_260_102, numRuns: 200 },
    );
  });

  it('of a tombstone has the largest revision that there is', () => {
    const record = encodeRecord(proposed(), place({ revision: TOMBSTONE_REVISION }));
    const revision = read(answerOf(record)).getEvent()?.getStreamRevision();
    expect(revision).to.equal('9223372036854775807');
    expect(revisionOf(record)).to.equal(TOMBSTONE_REVISION);
  });

  it('without metadata has none on the wire', () => {
    const record = encodeRecord(proposed({ metadata: Buffer.alloc(0) }), place());
    expect(read(answerOf(record)).getEvent()?.getCustomMetadata_asU8()).to.have.length(0);
  });
});

describe('A resolved link', () => {
  const link = encodeRecord(
    proposed({ type: LINK_TYPE, data: Buffer.from('3@swap-14') }),
    place({ stream: 'pending', revision: 0, position: 9000 }),
  );

  it('tells of both, at the position of the link', () => {
    const answer = read(resolvedAnswer(link, encodeRecord(proposed(), place())));
    expect(told(answer.getEvent())).to.deep.equal(expected(proposed(), place()));
    expect(told(answer.getLink())).to.deep.include({
      stream: hex(Buffer.from('pending')),
      revision: '0',
    });
    expect(answer.getCommitPosition()).to.equal('9000');
  });

  it('is told without an event when there is none any more', () => {
    const answer = read(resolvedAnswer(link, undefined));
    expect([answer.hasEvent(), answer.hasLink()]).to.deep.equal([false, true]);
  });
});
