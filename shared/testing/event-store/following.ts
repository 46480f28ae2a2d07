import { expect } from 'chai';
import { BEGINNING, type EventStore } from '#shared/kernel/event-store.ts';
import { broken, made, otherEvents, thingEvents } from '../a-thing.ts';
import { meta } from '../recorded.ts';
import { aStream, first, happened } from './support.ts';

/** Follows until it has seen as many events of a stream as asked for. */
const seen = async (store: EventStore, stream: string, after: bigint, count: number) => {
  const enough = new AbortController();
  const events: { readonly type: string; readonly position: bigint }[] = [];
  const upTos: bigint[] = [];
  for await (const page of store.pages(thingEvents, after, enough.signal)) {
    events.push(...page.events.filter((event) => event.stream === stream));
    upTos.push(page.upTo);
    if (events.length >= count) enough.abort();
  }
  return { types: events.map(({ type }) => type), upTos, last: events.at(-1)?.position };
};

const itGoesOn = (store: () => EventStore): void => {
  it('goes on from what was there to what is appended later', async () => {
    const name = aStream();
    const before = await store().end();
    await store().append(name, thingEvents, [made()], first);
    const following = seen(store(), name, before, 3);
    await store().append(name, thingEvents, [broken()], { expected: 0n, meta });
    await store().append(name, thingEvents, [made()], { expected: 1n, meta });

    const { types, upTos, last } = await following;
    expect(types).to.deep.equal(['ThingMade', 'ThingBroken', 'ThingMade']);
    expect(upTos.every((upTo, nth) => upTo > (upTos[nth - 1] ?? before))).to.equal(true);
    expect((upTos.at(-1) ?? -1n) >= (last ?? 0n)).to.equal(true);
  });

  it('gives each follower everything after its own position, once', async () => {
    const name = aStream();
    const before = await store().end();
    const { position } = await store().append(name, thingEvents, [made()], first);
    const early = seen(store(), name, before, 2);
    const late = seen(store(), name, position, 1);
    await store().append(name, thingEvents, [broken()], { expected: 0n, meta });

    expect((await early).types).to.deep.equal(['ThingMade', 'ThingBroken']);
    expect((await late).types).to.deep.equal(['ThingBroken']);
  });
};

const itStops = (store: () => EventStore): void => {
  it('moves on past what others append', async () => {
    const before = await store().end();
    const enough = new AbortController();
    const following = store().pages(thingEvents, before, enough.signal);
    const { position } = await store().append(aStream('other'), otherEvents, [happened], first);
    for await (const { upTo } of following) if (upTo >= position) enough.abort();
    expect(enough.signal.aborted).to.equal(true);
  });

  it('stops when it is told to, though nothing happens', async () => {
    const enough = new AbortController();
    const end = await store().end();
    const following = (async () => {
      for await (const { upTo } of store().pages(thingEvents, end, enough.signal))
        expect(upTo > end).to.equal(true);
      return 'stopped';
    })();
    await store().end();
    enough.abort();
    expect(await following).to.equal('stopped');
  });

  it('does not begin when it was told to stop before', async () => {
    await store().append(aStream(), thingEvents, [made()], first);
    const pages = [];
    for await (const page of store().pages(thingEvents, BEGINNING, AbortSignal.abort()))
      pages.push(page);
    expect(pages).to.deep.equal([]);
  });
};

/** For whoever goes on reading as the log grows. */
export const itFollowsTheLog = (store: () => EventStore): void => {
  itGoesOn(store);
  itStops(store);
};
