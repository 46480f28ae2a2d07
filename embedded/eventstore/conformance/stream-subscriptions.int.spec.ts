import { END, START, StreamDeletedError } from '@eventstore/db-client';
import { expect } from 'chai';
import { aClient } from './a-server.ts';
import { anEvent, aStream, brief, events, following, type Following } from './the-client.ts';

const count = (number: number) => (one: Following) => one.received.length >= number;
const said = (what: string) => (one: Following) => one.log.includes(what);

describe('A subscription to a stream', () => {
  const client = aClient();

  const open: Following[] = [];
  const follow = (stream: string, from: bigint | typeof START | typeof END = START) => {
    const one = following(client().subscribeToStream(stream, { fromRevision: from }));
    open.push(one);
    return one;
  };
  afterEach(() => Promise.all(open.splice(0).map(({ stop }) => stop())));

  it('is confirmed, gives what there was, says so, and goes on', async () => {
    const stream = aStream();
    await client().appendToStream(stream, events(2));
    const subscription = follow(stream);
    await subscription.until(said('caught up'));
    await client().appendToStream(stream, [anEvent('Later')]);
    await subscription.until(count(3));
    expect(subscription.log).to.deep.equal([
      'confirmed',
      '0 Happened',
      '1 Happened',
      'caught up',
      '2 Later',
    ]);
  });

  it('begins after the revision it is given', async () => {
    const stream = aStream();
    await client().appendToStream(stream, events(4));
    const subscription = follow(stream, 1n);
    await subscription.until(said('caught up'));
    expect(subscription.received.map(brief)).to.deep.equal(['2 Happened', '3 Happened']);
  });

  it('from the end gives only what comes', async () => {
    const stream = aStream();
    await client().appendToStream(stream, events(2));
    const subscription = follow(stream, END);
    await subscription.until(said('caught up'));
    await client().appendToStream(stream, [anEvent('Later')]);
    await subscription.until(count(1));
    expect(subscription.received.map(brief)).to.deep.equal(['2 Later']);
  });

  it('waits for a stream that is not there yet', async () => {
    const stream = aStream();
    const subscription = follow(stream);
    await subscription.until(said('caught up'));
    await client().appendToStream(stream, events(1));
    await subscription.until(count(1));
    expect(subscription.log).to.deep.equal(['confirmed', 'caught up', '0 Happened']);
  });

  it('ends with the tombstone', async () => {
    const stream = aStream();
    await client().appendToStream(stream, events(1));
    const subscription = follow(stream);
    await subscription.until(said('caught up'));
    await client().tombstoneStream(stream);
    await subscription.until(said('error'));
    expect(subscription.received.map(({ event }) => event?.type)).to.deep.equal([
      'Happened',
      '$streamDeleted',
    ]);
    expect(subscription.error()).to.be.instanceOf(StreamDeletedError);
  });

  it('is refused after the tombstone', async () => {
    const stream = aStream();
    await client().appendToStream(stream, events(1));
    await client().tombstoneStream(stream);
    const subscription = follow(stream);
    await subscription.until(said('error'));
    expect(subscription.error()).to.be.instanceOf(StreamDeletedError);
  });
});
