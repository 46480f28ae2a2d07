import { expect } from 'chai';
import { breaking, make, thing, thingEvents, type Thing } from '#shared/testing/a-thing.ts';
import { failure } from '#shared/testing/failure.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import type { EventStore } from './event-store.ts';
import { commandHandler, KeyReused, type Asked } from './handle-command.ts';
import { keyClaimEvents, uniqueHandler } from './handle-unique.ts';

const asked = (commandId: string, fingerprint = '', keyed = true): Asked => ({
  meta: { ...meta, commandId, fingerprint },
  keyed,
});
/** Nobody named the request, so each is another. */
const unnamed = (nth: number) => asked(`unnamed ${nth}`, '', false);

const named = (content: string, size = 1) => ({
  idOf: (nth: number) => `${content}.${nth}`,
  commandFor: (id: string) => make(id, size),
  spent: ({ status }: Thing) => status === 'broken',
});

const aShop = (eventStore: EventStore = inMemoryEventStore(), graceMs = 500) => {
  const change = commandHandler(eventStore, 'thing', thingEvents, thing);
  return {
    eventStore,
    make: uniqueHandler(eventStore, 'thing', thingEvents, thing, { graceMs }),
    breakIt: (id: string) => change(id, breaking(id), asked(`break ${id}`)),
    made: async () => {
      const things: string[] = [];
      for await (const { events } of eventStore.pages(thingEvents, -1n))
        things.push(
          ...events.filter(({ type }) => type === 'ThingMade').map(({ stream }) => stream),
        );
      return things;
    },
    claims: async (commandId: string) =>
      (await eventStore.read(`request-${commandId}`, keyClaimEvents)).events,
  };
};

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

describe('Making a thing of which there is one', () => {
  it('refuses a second one with the same content', async () => {
    const shop = aShop();
    expect(await shop.make(named('a'), unnamed(1))).to.include({ outcome: 'accepted', id: 'a.0' });
    expect(await shop.make(named('a', 2), unnamed(2))).to.include({
      reason: 'thing-of-another-size',
    });
    expect(await shop.make(named('b'), unnamed(3))).to.include({ outcome: 'accepted', id: 'b.0' });
  });

  it('makes one, though many ask at once for different ones', async () => {
    const shop = aShop();
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, nth) => shop.make(named('a', nth), asked(`key ${nth}`))),
    );
    expect(all.filter(({ outcome }) => outcome === 'accepted')).to.have.length(1);
    expect(await shop.made()).to.deep.equal(['thing-a.0']);
  });

  it('sees first that it has what it needs, though not for a repeat', async () => {
    const { make, eventStore } = aShop();
    const answers = ['thing-unknown' as const, undefined];
    const secured = { ...named('a'), secure: () => Promise.resolve(answers.shift()) };
    expect(await make(secured, asked('key'))).to.include({ reason: 'thing-unknown' });
    expect(await eventStore.end()).to.equal(-1n);
    expect(await make(secured, asked('key'))).to.include({ id: 'a.0', replayed: false });
    answers.push('thing-unknown');
    expect(await make(secured, asked('key'))).to.include({ id: 'a.0', replayed: true });
  });

  it('makes the next one when the one before is spent', async () => {
    const shop = aShop();
    for (let nth = 0; nth < 10; nth++) {
      const { id } = await shop.make(named('a'), asked(`key ${nth}`));
      expect(id).to.equal(`a.${nth}`);
      await shop.breakIt(id);
    }
    expect(await shop.make(named('a'), unnamed(10))).to.include({ id: 'a.10' });
  });

  it('looks at few of the many that are spent', async () => {
    const eventStore = inMemoryEventStore();
    let reads = 0;
    const read: EventStore['read'] = (...args) => {
      reads += 1;
      return eventStore.read(...args);
    };
    const shop = aShop({ ...eventStore, read });
    for (let nth = 0; nth < 100; nth++) {
      await eventStore.append(
        `thing-a.${nth}`,
        thingEvents,
        [
          { type: 'ThingMade', data: { thingId: `a.${nth}`, size: 1 } },
          { type: 'ThingBroken', data: { thingId: `a.${nth}` } },
        ],
        { expected: 'no-stream', meta },
      );
    }
    expect(await shop.make(named('a'), asked('key'))).to.include({ id: 'a.100' });
    expect(reads).to.be.lessThan(20);
  });

  describe('for a request that was named', () => {
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
      const lost = race.flatMap((one) =>
        one.status === 'rejected' ? [one.reason as unknown] : [],
      );
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
      expect((await shop.claims('key')).map((claim) => claim.data.id)).to.deep.equal([
        'a.0',
        'b.0',
      ]);
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
});
