import { expect } from 'chai';
import { breaking, broken, make, made, thing, thingEvents } from '#shared/testing/a-thing.ts';
import { failure } from '#shared/testing/failure.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { StreamMoved, type EventStore } from './event-store.ts';
import { commandHandler, KeyReused, MAX_ATTEMPTS, Outdated, type Asked } from './handle-command.ts';

const asked = (
  commandId: string,
  { fingerprint = '', ...rest }: Partial<Asked> & { fingerprint?: string } = {},
): Asked => ({
  meta: { ...meta, commandId, fingerprint },
  keyed: true,
  ...rest,
});

describe('Handling a command', () => {
  const handling = (eventStore: EventStore = inMemoryEventStore()) =>
    commandHandler(eventStore, 'thing', thingEvents, thing);

  it('answers with the state it led to, and where that stands in the log', async () => {
    const eventStore = inMemoryEventStore();
    const handle = handling(eventStore);
    const accepted = await handle('1', make(), asked('a'));
    expect(accepted).to.deep.equal({
      outcome: 'accepted',
      state: { status: 'whole', size: 1 },
      revision: 0n,
      position: await eventStore.end(),
      replayed: false,
    });
    const { events } = await eventStore.read('thing-1', thingEvents);
    expect(events.map(({ type, data }) => ({ type, data }))).to.deep.equal([made()]);
  });

  it('answers a repeat as it answered at first, whatever happened since', async () => {
    const handle = handling();
    const first = await handle('1', make(), asked('a'));
    await handle('1', breaking(), asked('b'));
    const again = await handle('1', make(), asked('a', { seen: () => false }));
    expect(again).to.deep.equal({ ...first, replayed: true });
  });

  it('adds nothing when asked for what is so already', async () => {
    const handle = handling();
    const first = await handle('1', make(), asked('a'));
    expect(await handle('1', make(), asked('b'))).to.deep.equal(first);
  });

  it('leaves no trace of what it refused, and decides it afresh', async () => {
    const eventStore = inMemoryEventStore();
    const handle = handling(eventStore);
    const refused = { outcome: 'refused', reason: 'thing-unknown' };
    expect(await handle('1', breaking(), asked('a'))).to.deep.equal(refused);
    expect(await eventStore.end()).to.equal(-1n);
    await handle('1', make(), asked('b'));
    expect(await handle('1', breaking(), asked('a', { fingerprint: 'other' }))).to.include({
      outcome: 'accepted',
    });
  });

  it('does not take the same key for something else', async () => {
    const handle = handling();
    await handle('1', make(), asked('a', { fingerprint: 'one body' }));
    const other = handle('1', make(), asked('a', { fingerprint: 'another' }));
    expect(await failure(other)).to.be.instanceOf(KeyReused);
  });

  it('refuses whoever has not seen what happened last', async () => {
    const handle = handling();
    await handle('1', make(), asked('a'));
    const late = handle('1', breaking(), asked('b', { seen: (revision) => revision === 4n }));
    expect(await failure(late)).to.be.instanceOf(Outdated);
    const inTime = handle('1', breaking(), asked('b', { seen: (revision) => revision === 0n }));
    expect(await inTime).to.include({ outcome: 'accepted', revision: 1n });
  });

  it('decides afresh when someone else was first', async () => {
    const eventStore = inMemoryEventStore();
    const handle = handling(eventStore);
    const race = [handle('1', make('1', 1), asked('a')), handle('1', make('1', 2), asked('b'))];
    expect((await Promise.all(race)).map(({ outcome }) => outcome)).to.have.members([
      'accepted',
      'refused',
    ]);
    expect((await eventStore.read('thing-1', thingEvents)).events).to.have.length(1);
  });

  it('makes one thing of the same request sent many times at once', async () => {
    const eventStore = inMemoryEventStore();
    const handle = handling(eventStore);
    const all = await Promise.all(
      Array.from({ length: 20 }, () => handle('1', make(), asked('a'))),
    );
    for (const one of all)
      expect({ ...one, replayed: true }).to.deep.equal({ ...all[0], replayed: true });
    expect((await eventStore.read('thing-1', thingEvents)).events).to.have.length(1);
  });

  it('gives up on a stream that never stands still', async () => {
    let attempts = 0;
    const restless = {
      ...inMemoryEventStore(),
      append: () => {
        attempts += 1;
        return Promise.reject(new StreamMoved('thing-1'));
      },
    };
    const outcome = await failure(handling(restless)('1', make(), asked('a')));
    expect(outcome).to.be.instanceOf(StreamMoved);
    expect(attempts).to.equal(MAX_ATTEMPTS);
  });

  it('sees to it that it has what it needs, only when there is something to write', async () => {
    const eventStore = inMemoryEventStore();
    const handle = handling(eventStore);
    const ends: bigint[] = [];
    const secure = async () => void ends.push(await eventStore.end());
    const secured = () => secure().then(() => undefined);
    await handle('1', breaking(), asked('refused'), secured);
    await handle('1', make(), asked('a'), secured);
    await handle('1', make(), asked('a'), secured);
    await handle('1', make(), asked('nothing new'), secured);
    expect(ends).to.deep.equal([-1n]);
  });

  it('is refused for want of what it needs, and leaves no trace', async () => {
    const eventStore = inMemoryEventStore();
    const lacking = () => Promise.resolve('thing-unknown' as const);
    expect(await handling(eventStore)('1', make(), asked('a'), lacking)).to.deep.equal({
      outcome: 'refused',
      reason: 'thing-unknown',
    });
    expect(await eventStore.end()).to.equal(-1n);
  });

  describe('under an id that nobody can have used', () => {
    const counted = () => {
      const store = inMemoryEventStore();
      let reads = 0;
      const read: EventStore['read'] = (...args) => {
        reads += 1;
        return store.read(...args);
      };
      return { store: { ...store, read }, reads: () => reads };
    };
    const handling = (eventStore: EventStore) =>
      commandHandler(eventStore, 'thing', thingEvents, thing, { fresh: true });

    it('does not look first', async () => {
      const { store, reads } = counted();
      await handling(store)('1', make(), asked('a', { keyed: false }));
      expect(reads()).to.equal(0);
    });

    it('looks all the same when the request may have come before', async () => {
      const { store } = counted();
      const first = await handling(store)('1', make(), asked('a'));
      await store.append('thing-1', thingEvents, [broken()], { expected: 0n, meta });
      expect(await handling(store)('1', make(), asked('a'))).to.deep.equal({
        ...first,
        replayed: true,
      });
    });

    it('finds out by the append when the promise was not kept', async () => {
      const { store } = counted();
      const handle = handling(store);
      await handle('1', make('1', 1), asked('a', { keyed: false }));
      const other = await handle('1', make('1', 2), asked('b', { keyed: false }));
      expect(other).to.deep.equal({ outcome: 'refused', reason: 'thing-of-another-size' });
    });
  });
});
