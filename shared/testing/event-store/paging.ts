import { expect } from 'chai';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { broken, made, otherEvents, thingEvents } from '../a-thing.ts';
import { meta } from '../recorded.ts';
import { aStream, first, happened, logAfter } from './support.ts';

export const itPages = (store: () => EventStore): void => {
  it('pages through the log from where one stopped to its end', async () => {
    const name = aStream();
    const { position } = await store().append(name, thingEvents, [made()], first);
    const end = await store().append(name, thingEvents, [broken()], { expected: 0n, meta });

    const { events, upTo } = await logAfter(store(), thingEvents, position);
    const types = events.filter(({ stream }) => stream === name).map(({ type }) => type);
    expect(types).to.deep.equal(['ThingBroken']);
    expect((upTo ?? -1n) >= end.position).to.equal(true);
  });

  it('says how far a page got, though nothing in it is ours', async () => {
    const before = await store().append(aStream(), thingEvents, [made()], first);
    const { position } = await store().append(aStream('other'), otherEvents, [happened], first);
    const { events, upTo } = await logAfter(store(), thingEvents, before.position);
    expect(events.map(({ type }) => type)).not.to.include('OtherHappened');
    expect((upTo ?? -1n) >= position).to.equal(true);
  });

  it('has nothing to page through after the end', async () => {
    const { position } = await store().append(aStream(), thingEvents, [made()], first);
    const end = await store().end();
    expect(end >= position).to.equal(true);
    expect((await logAfter(store(), thingEvents, end)).events).to.deep.equal([]);
  });
};
