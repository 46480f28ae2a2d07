import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { BEGINNING, StoreAway, StreamMoved, type EventStore } from '#shared/kernel/event-store.ts';
import { broken, made, thingEvents } from '#shared/testing/a-thing.ts';
import { failure } from '#shared/testing/failure.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { aCable, type ACable } from '../../test/support/a-cable.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from '../../test/support/an-event-store.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { connect, type Connection } from './connection.ts';
import { eventStoreDb } from './event-store.ts';

const first = { expected: 'no-stream', meta } as const;
const by = (commandId: string) => ({ ...meta, commandId });

describe('On a connection that breaks', function () {
  this.timeout(180_000);
  let node: AnEmbeddedNode;
  let cable: ACable;
  let direct: Connection;
  let shaky: Connection;
  let store: EventStore;
  let witness: EventStore;
  let streams = 0;
  const aStream = () => `thing-${(streams += 1)}`;

  const lengthOf = async (stream: string) =>
    (await witness.read(stream, thingEvents)).events.length;

  before(async () => {
    node = await anEmbeddedNode();
    cable = await aCable(node.port);
    direct = connect(node.url);
    shaky = connect(`esdb://127.0.0.1:${cable.port}?tls=false`);
    witness = eventStoreDb(direct, inMemoryKeys());
    store = eventStoreDb(shaky, inMemoryKeys());
  });
  after(async () => {
    await shaky.dispose();
    await direct.dispose();
    await cable.close();
    await node.close();
  });
  afterEach(() => {
    cable.mend();
  });

  describe('an append', () => {
    it('is made once, though the answer was lost and it was asked again', async () => {
      const name = aStream();
      cable.mute();
      const appending = store.append(name, thingEvents, [made(), broken()], first);
      await waitUntil('it is in the log', async () => (await lengthOf(name)) === 2);
      cable.cut();
      cable.mend();

      const { events } = await witness.read(name, thingEvents);
      expect(await appending).to.deep.equal({ revision: 1n, position: events[1]?.position });
      expect(await lengthOf(name)).to.equal(2);
    });

    it('is answered for itself, though others have gone on from there', async () => {
      const name = aStream();
      cable.mute();
      const appending = store.append(name, thingEvents, [made()], first);
      await waitUntil('it is in the log', async () => (await lengthOf(name)) === 1);
      await witness.append(name, thingEvents, [broken()], { expected: 0n, meta: by('b') });
      cable.cut();
      cable.mend();
      expect(await appending).to.include({ revision: 0n });
      expect(await lengthOf(name)).to.equal(2);
    });

    it('was not made when somebody else’s events are in its place', async () => {
      const name = aStream();
      await store.append(aStream(), thingEvents, [made()], first);
      cable.cut();
      const appending = failure(store.append(name, thingEvents, [made()], first));
      await witness.append(name, thingEvents, [made()], { ...first, meta: by('b') });
      cable.mend();
      expect(await appending).to.be.instanceOf(StreamMoved);
      expect(await lengthOf(name)).to.equal(1);
    });

    it('is given up when there is no answer in time, saying what to look at', async () => {
      const name = aStream();
      cable.mute();
      const started = performance.now();
      const outcome = await failure(store.append(name, thingEvents, [made()], first));
      expect(performance.now() - started).to.be.within(6_000, 12_000);
      expect(outcome)
        .to.be.instanceOf(StoreAway)
        .and.have.property('message')
        .match(/EVENTSTORE_URL/);
      cable.cut();
      cable.mend();
      expect(await store.append(name, thingEvents, [made()], first)).to.include({ revision: 0n });
    });
  });

  it('nothing is lost and nothing written twice, while the server comes and goes', async () => {
    const names = Array.from({ length: 300 }, aStream);
    const before = await witness.end();
    const restarts = (async () => {
      for (let nth = 0; nth < 3; nth++) {
        await pause(100);
        await node.stop();
        await pause(100);
        await node.start();
      }
    })();
    const queue = [...names];
    const written: bigint[] = [];
    const writer = async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        await store.append(name, thingEvents, [made()], first);
        const { position } = await store.append(name, thingEvents, [broken()], {
          expected: 0n,
          meta: by('b'),
        });
        written.push(position);
        await pause(5);
      }
    };
    await Promise.all([restarts, ...Array.from({ length: 10 }, writer)]);

    const found: string[] = [];
    for await (const { events } of witness.pages(thingEvents, before))
      found.push(...events.map(({ stream, type }) => `${stream} ${type}`));
    const wanted = names.flatMap((name) => [`${name} ThingMade`, `${name} ThingBroken`]);
    expect(found).to.have.members(wanted);
    expect(new Set(written).size).to.equal(names.length);
  });

  it('a follower misses nothing and sees nothing twice', async () => {
    const name = aStream();
    const before = await witness.end();
    const enough = new AbortController();
    const seen: bigint[] = [];
    let upTo = before;
    const following = (async () => {
      for await (const page of store.pages(thingEvents, before, enough.signal)) {
        expect(page.upTo > upTo).to.equal(true);
        upTo = page.upTo;
        seen.push(...page.events.map(({ revision }) => revision));
        if (seen.length >= 120) enough.abort();
      }
    })();
    for (let nth = 0; nth < 120; nth++) {
      const expected = nth === 0 ? 'no-stream' : BigInt(nth - 1);
      await witness.append(name, thingEvents, [made()], { expected, meta: by(String(nth)) });
      if (nth % 40 === 20) cable.cut();
      if (nth % 40 === 30) cable.mend();
      if (nth === 70) {
        await node.stop();
        await node.start();
      }
    }
    await following;
    expect(seen).to.deep.equal(Array.from({ length: 120 }, (_, nth) => BigInt(nth)));
  });

  it('a reader waits for the server to come back', async () => {
    const name = aStream();
    await store.append(name, thingEvents, [made()], first);
    await node.stop();
    const reading = store.read(name, thingEvents);
    const paging = store.pages(thingEvents, BEGINNING)[Symbol.asyncIterator]().next();
    await pause(300);
    await node.start();
    expect((await reading).events).to.have.length(1);
    expect((await paging).done).to.equal(false);
  });

  it('followers and readers that stop leave no call open', async () => {
    const before = await witness.end();
    await store.append(aStream(), thingEvents, [made(), broken()], first);
    const { signal } = new AbortController();
    for (let nth = 0; nth < 120; nth++) {
      for await (const { events } of store.pages(thingEvents, before, signal))
        if (events.length > 0) break;
      for await (const { events } of store.pages(thingEvents, before)) if (events.length > 0) break;
    }
    expect(await store.append(aStream(), thingEvents, [made()], first)).to.include({
      revision: 0n,
    });
  });
});
