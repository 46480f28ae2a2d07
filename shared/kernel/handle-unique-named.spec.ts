import { expect } from 'chai';
import { asked, aShop, named } from '#shared/testing/a-shop.ts';
import { failure } from '#shared/testing/failure.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import type { EventStore } from './event-store.ts';
import { KeyReused } from './handle-command.ts';
import { keyClaimEvents } from './handle-unique.ts';

/** Runs something between what a handler does, once: where a slow process would be overtaken. */
const interrupted = (eventStore: EventStore, when: (stream: string) => boolean) => {
  let meanwhile: (() => Promise<unknown>) | undefined;
  const read: EventStore['read'] = async (stream, contract) => {
    const found = await eventStore.read(stream, contract);
    const run = when(stream) ? meanwhile : undefined;
    if (run) meanwhile = undefined;
    await run?.();
    return found;
  };
  return {
    eventStore: { ...eventStore, read },
    meanwhile: (run: () => Promise<unknown>) => {
      meanwhile = run;
    },
  };
};

describe('Making a thing of which there is one, for a request that was named,', () => {
  it('answers a repeat as at first, though the thing is spent since', async () => {
    const shop = aShop();
    const first = await shop.make(named('a'), asked('key'));
    await shop.breakIt(first.id);
    expect(await shop.make(named('a'), asked('key'))).to.deep.equal({ ...first, replayed: true });
    expect(await shop.made()).to.have.length(1);
  });

  it('makes one thing of the same request sent many times at once', async () => {
    const shop = aShop();
    const all = await Promise.all(
      Array.from({ length: 20 }, () => shop.make(named('a'), asked('key'))),
    );
    expect(new Set(all.map(({ id }) => id)).size).to.equal(1);
    expect(all.every(({ outcome }) => outcome === 'accepted')).to.equal(true);
    expect(await shop.made()).to.deep.equal(['thing-a.0']);
  });

  it('does not take the same key for another body, before or at the same time', async () => {
    const shop = aShop();
    const race = await Promise.allSettled([
      shop.make(named('a'), asked('key', 'body a')),
      shop.make(named('b'), asked('key', 'body b')),
    ]);
    const lost = race.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(lost).to.have.length(1);
    expect(lost[0]).to.be.instanceOf(KeyReused);
    expect(await shop.made()).to.have.length(1);
    expect(await failure(shop.make(named('c'), asked('key', 'body c')))).to.be.instanceOf(
      KeyReused,
    );
  });

  it('leaves no trace of what it refused, whose key may be used for something else', async () => {
    const shop = aShop();
    await shop.make(named('a'), asked('first'));
    const end = await shop.eventStore.end();
    const refused = await shop.make(named('a', 2), asked('key', 'one body'));
    expect(refused).to.include({ outcome: 'refused' });
    expect(await shop.eventStore.end()).to.equal(end);
    expect(await shop.make(named('b'), asked('key', 'another'))).to.include({ id: 'b.0' });
  });

  it('goes on with what it had claimed when it stopped in the middle', async () => {
    const eventStore = inMemoryEventStore();
    const dying: EventStore = {
      ...eventStore,
      append: (stream, ...rest) =>
        stream.startsWith('thing-')
          ? Promise.reject(new Error('killed'))
          : eventStore.append(stream, ...rest),
    };
    await failure(aShop(dying).make(named('a'), asked('key')));
    expect(await aShop(eventStore).claims('key')).to.have.length(1);
    const again = await aShop(eventStore).make(named('a'), asked('key'));
    expect(again).to.include({ outcome: 'accepted', id: 'a.0' });
    expect(await aShop(eventStore).made()).to.have.length(1);
  });

  it('leaves a claim of another body to whoever made it, for a while', async () => {
    const eventStore = inMemoryEventStore();
    const shop = aShop(eventStore, 100);
    const data = { id: 'a.0', category: 'thing' };
    const claim = { type: 'IdempotencyKeyClaimed', data } as const;
    const options = { expected: 'no-stream', meta: asked('key', 'body a').meta } as const;
    await eventStore.append('request-key', keyClaimEvents, [claim], options);
    const before = performance.now();
    expect(await shop.make(named('b'), asked('key', 'body b'))).to.include({ id: 'b.0' });
    expect(performance.now() - before).to.be.greaterThan(90);
    expect((await shop.claims('key')).map((claim) => claim.data.id)).to.deep.equal(['a.0', 'b.0']);
  });

  it('makes no second thing when it was overtaken, and the first was spent meanwhile', async () => {
    for (const looking of ['request-', 'thing-']) {
      const log = inMemoryEventStore();
      const slow = interrupted(log, (stream) => stream.startsWith(looking));
      slow.meanwhile(async () => {
        const { id } = await aShop(log).make(named('a'), asked('key'));
        await aShop(log).breakIt(id);
      });
      const late = await aShop(slow.eventStore).make(named('a'), asked('key'));
      expect(late, looking).to.include({ outcome: 'accepted', id: 'a.0' });
      expect(await aShop(log).made(), looking).to.deep.equal(['thing-a.0']);
    }
  });
});
