import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { expect } from 'chai';
import { NO_EVENT, NO_STREAM, sentEvent } from './sent-event.ts';

const { ReadEvent } = streams.ReadResp;
const ID = '0f0e0d0c-0b0a-4908-8706-050403020100';

/** As the client's own definitions write it. */
const answerWith = (change: (event: streams.ReadResp.ReadEvent.RecordedEvent) => void) => {
  const recorded = new ReadEvent.RecordedEvent();
  recorded
    .setId(new shared.UUID().setString(ID))
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from('thing-1')))
    .setStreamRevision('3')
    .setCommitPosition('9')
    .setPreparePosition('8')
    .setData(Buffer.from('{"a":1}'));
  recorded.getMetadataMap().set('type', 'Said').set('content-type', 'application/json');
  change(recorded);
  const answer = new streams.ReadResp().setEvent(new ReadEvent().setEvent(recorded));
  return Buffer.from(answer.serializeBinary());
};
const read = (change: Parameters<typeof answerWith>[0] = () => undefined) => {
  const event = sentEvent(answerWith(change));
  if (typeof event === 'symbol') throw new Error('There was an event');
  return event;
};

describe('An event that a server sent', () => {
  it('has what the server said', () => {
    expect(read()).to.deep.include({ id: ID, streamId: 'thing-1', revision: 3n, type: 'Said' });
    expect(read()).to.deep.include({ position: { commit: 9n, prepare: 8n } });
    expect(read().data).to.deep.equal({ a: 1 });
    expect(read().metadata).to.equal(undefined);
  });

  it('may have numbers that a double cannot hold', () => {
    const largest = 2n ** 64n - 1n;
    const { revision } = read((event) => event.setStreamRevision(String(largest)));
    expect(revision).to.equal(largest);
  });

  it('may have an id in two halves', () => {
    const [most, least] = [0x0f0e0d0c0b0a4908n, BigInt.asIntN(64, 0x8706050403020100n)];
    const halves = new shared.UUID.Structured()
      .setMostSignificantBits(String(most))
      .setLeastSignificantBits(String(least));
    expect(read((event) => event.setId(new shared.UUID().setStructured(halves))).id).to.equal(ID);
  });

  it('may not be what it says it is', () => {
    const broken = read((event) => event.setData(Buffer.from('{')));
    expect(broken.data).to.equal('{');
    const odd = read((event) => event.setCustomMetadata(Buffer.from('odd')));
    expect(odd.metadata).to.deep.equal(Buffer.from('odd'));
    const timeless = read((event) => event.getMetadataMap().set('created', 'soon'));
    expect(timeless.created).to.deep.equal(new Date(0));
  });

  it('is none where there is no such stream', () => {
    const missing = new streams.ReadResp.StreamNotFound();
    const answer = new streams.ReadResp().setStreamNotFound(missing);
    expect(sentEvent(Buffer.from(answer.serializeBinary()))).to.equal(NO_STREAM);
  });

  it('is none in an answer that says something else', () => {
    const confirmed = new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId('1');
    for (const answer of [
      new streams.ReadResp().setConfirmation(confirmed),
      new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()),
      new streams.ReadResp(),
    ])
      expect(sentEvent(Buffer.from(answer.serializeBinary()))).to.equal(NO_EVENT);
    expect(() => sentEvent(Buffer.from('0aff', 'hex'))).to.throw(RangeError);
  });
});
