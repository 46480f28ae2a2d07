import { expect } from 'chai';
import { BEGINNING, StoreAway } from '#shared/kernel/event-store.ts';
import { thingEvents } from '#shared/testing/a-thing.ts';
import { failure } from '#shared/testing/failure.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { aRawLog, consumer, turns } from '../../test/support/a-raw-log.ts';
import type { RawLog } from './raw-log.ts';
import { sharedFeed } from './shared-feed.ts';

describe('A feed shared by many, in trouble,', () => {
  it('is not held up by one who stands still, who then reads what was missed', async () => {
    const { log, grow, asked, positions } = aRawLog();
    grow(10);
    const feed = sharedFeed(inMemoryEventStore(), log, { capacity: 4 });
    const { signal } = new AbortController();
    const pages = feed.pages(thingEvents, BEGINNING, signal);
    const still = pages[Symbol.asyncIterator]();
    await still.next();
    const quick = consumer(feed, 9n, 0);
    for (let nth = 0; nth < 30; nth++) {
      grow(10);
      await turns(4);
    }
    expect(quick.seen).to.deep.equal(positions().slice(1));
    const before = asked.pages;
    const missed: bigint[] = [];
    while (missed.at(-1) !== positions().at(-1)) {
      const page = (await still.next()).value as { events: { position: bigint }[] };
      missed.push(...page.events.map(({ position }) => position));
    }
    expect(missed).to.deep.equal(positions().slice(1));
    expect(asked.pages - before).to.be.within(5, 12);
    await feed.close();
    await quick.done;
  });

  it('goes on from where it was when nothing was found there, and leaves nothing out', async () => {
    const { log, grow, positions } = aRawLog();
    for (let nth = 0; nth < 5; nth++) grow(10);
    let answers = 0;
    const page: RawLog['page'] = async (after) =>
      (answers += 1) === 2 ? { events: [], upTo: after, more: false } : log.page(after);
    const feed = sharedFeed(inMemoryEventStore(), { ...log, page }, { capacity: 1 });
    const late = consumer(feed, BEGINNING, 0);
    await turns(50);
    grow(10);
    await turns(200);
    late.stop();
    await late.done;
    await feed.close();
    expect(answers).to.be.greaterThan(2);
    expect(late.seen).to.deep.equal(positions());
  });

  it('waits for a store that is away, and begins when it is back', async () => {
    const { log, grow, positions } = aRawLog();
    grow(10);
    let away = 5;
    const sometimes = <T>(ask: () => Promise<T>): Promise<T> => {
      away -= 1;
      return away >= 0 ? Promise.reject(new StoreAway('away')) : ask();
    };
    const shaky: RawLog = {
      ...log,
      head: () => sometimes(log.head),
      page: (after) => sometimes(() => log.page(after)),
    };
    const feed = sharedFeed(inMemoryEventStore(), shaky);
    const one = consumer(feed, BEGINNING, 0);
    await turns(10);
    grow(5);
    await turns(10);
    expect(one.seen).to.deep.equal(positions());
    await feed.close();
    await one.done;
  });

  it('ends all who follow with what would come again, and can be begun anew', async () => {
    const { log, grow, positions } = aRawLog();
    grow(10);
    let denied = true;
    const closed: RawLog = {
      ...log,
      follow: (after, signal) => {
        if (denied) throw new Error('access denied');
        return log.follow(after, signal);
      },
    };
    const feed = sharedFeed(inMemoryEventStore(), closed);
    const all = [consumer(feed, 9n, 0), consumer(feed, BEGINNING, 3)];
    for (const { done } of all)
      expect(await failure(done)).to.have.property('message', 'access denied');

    denied = false;
    const again = consumer(feed, BEGINNING, 0);
    await turns(10);
    expect(again.seen).to.deep.equal(positions());
    await feed.close();
    await again.done;
  });
});
