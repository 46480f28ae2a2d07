import { expect } from 'chai';
import fc from 'fast-check';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { aThing, made, thingEvents } from '#shared/testing/a-thing.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { aRawLog, consumer, turns } from '../../test/support/a-raw-log.ts';
import { sharedFeed } from './shared-feed.ts';

type Who = { readonly joins: number; readonly from: number; readonly slowness: number };

/** Some join while the log grows, from somewhere in it, and take more or less time over a page. */
const everyoneSeesAll = async (gaps: number[], all: Who[], capacity: number) => {
  const { log, grow, positions } = aRawLog();
  const feed = sharedFeed(inMemoryEventStore(), log, { capacity });
  const joined: { after: bigint; one: ReturnType<typeof consumer> }[] = [];
  for (const [nth, gap] of gaps.entries()) {
    for (const { joins, from, slowness } of all)
      if (joins % gaps.length === nth) {
        const after = positions()[from] ?? BEGINNING;
        joined.push({ after, one: consumer(feed, after, slowness) });
      }
    grow(gap);
    if (gap % 3 === 0) await turns(gap % 7);
  }
  const end = positions().at(-1);
  for (let turn = 0; turn < 2_000; turn++) {
    if (joined.every(({ one }) => one.upTos.at(-1) === end)) break;
    await turns(1);
  }
  for (const { one } of joined) one.stop();
  await Promise.all(joined.map(({ one }) => one.done));
  await feed.close();

  for (const { after, one } of joined) {
    expect(one.seen).to.deep.equal(positions().filter((position) => position > after));
    expect(one.upTos.every((upTo, nth) => upTo > (one.upTos[nth - 1] ?? after))).to.equal(true);
  }
};

describe('A feed shared by many', () => {
  it('shows each of them every event after its own position once, in order', async function () {
    this.timeout(60_000);
    const gaps = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 });
    const who = fc.record({ joins: fc.nat(39), from: fc.nat(39), slowness: fc.nat(6) });
    const some = fc.array(who, { minLength: 1, maxLength: 5 });
    const capacities = fc.integer({ min: 1, max: 8 });
    await fc.assert(fc.asyncProperty(gaps, some, capacities, everyoneSeesAll), {
      seed: 42,
      numRuns: 300,
    });
  });

  it('is one subscription, and no reading, for all who are near the end', async () => {
    const { log, grow, asked, positions } = aRawLog();
    for (let nth = 0; nth < 5; nth++) grow(10);
    const feed = sharedFeed(inMemoryEventStore(), log);
    const start = positions().at(-1) ?? BEGINNING;
    const all = Array.from({ length: 12 }, () => consumer(feed, start, 0));
    await turns(5);
    const before = asked.pages;
    for (let nth = 0; nth < 20; nth++) {
      grow(10);
      await turns(5);
    }
    for (const { seen } of all) expect(seen).to.have.length(20);
    expect(asked).to.deep.equal({ pages: before, follows: 1 });
    await feed.close();
    await Promise.all(all.map(({ done }) => done));
  });

  it('is one reading for all who begin far behind at the same moment', async () => {
    const { log, grow, asked } = aRawLog();
    for (let nth = 0; nth < 9; nth++) grow(10);
    const feed = sharedFeed(inMemoryEventStore(), log, { capacity: 1 });
    const all = Array.from({ length: 12 }, () => consumer(feed, BEGINNING, 0));
    await turns(30);
    for (const { seen } of all) expect(seen).to.have.length(9);
    // Three pages, and a look whether there is more.
    expect(asked.pages).to.be.at.most(4);
    await feed.close();
    await Promise.all(all.map(({ done }) => done));
  });

  it('tells how far the log reaches, and since when', async () => {
    const { log, grow, positions } = aRawLog();
    grow(10);
    const feed = sharedFeed(inMemoryEventStore(), log);
    expect(feed.head()).to.equal(undefined);
    const one = consumer(feed, BEGINNING, 0);
    await turns(5);
    expect(feed.head()).to.deep.equal({ position: 9n, at: new Date(9) });
    grow(7);
    await turns(5);
    expect(feed.head()).to.deep.equal({ position: positions()[1], at: new Date(16) });
    await feed.close();
    await one.done;
  });

  it('leaves it to the store to read to the end, and everything else', async () => {
    const { log, asked } = aRawLog();
    const store = inMemoryEventStore();
    const feed = sharedFeed(store, log);
    await feed.append(aThing, thingEvents, [made()], { expected: 'no-stream', meta });
    const seen = [];
    for await (const { events } of feed.pages(thingEvents, BEGINNING)) seen.push(...events);
    expect(seen).to.have.length(1);
    expect(asked).to.deep.equal({ pages: 0, follows: 0 });
    await feed.close();
  });
});
