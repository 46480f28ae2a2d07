import { expect } from 'chai';
import { BEGINNING, type EventStore } from '#shared/kernel/event-store.ts';
import { broken, made, thingEvents } from '#shared/testing/a-thing.ts';
import { itKeepsEvents } from '#shared/testing/event-store-contract.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from '../../test/support/an-event-store.ts';
import { connect, type Connection } from './connection.ts';
import { eventStoreDb } from './event-store.ts';
import { rawLog } from './raw-log.ts';
import { sharedFeed, type SharedFeed } from './shared-feed.ts';

/** What production does at times, and each of it all the time. */
const HARSHNESS = [
  ['--chaos=unavailable'],
  ['--chaos=drop-subscriptions'],
  ['--chaos=late-batch-reply'],
  ['--chaos=not-leader'],
  ['--chaos=unavailable,drop-subscriptions,not-leader'],
  ['--id-cache=volatile', '--max-concurrent-streams=90', '--write-timeout=500'],
] as const;

const WRITERS = 8;
const EACH = 25;

for (const switches of HARSHNESS)
  describe(`On a server with ${switches.join(' ')}`, function () {
    this.timeout(90_000);
    let node: AnEmbeddedNode;
    let connection: Connection;
    let feed: SharedFeed;
    let store: EventStore;

    before(async () => {
      node = await anEmbeddedNode(switches);
      connection = connect(node.url);
      store = eventStoreDb(connection, inMemoryKeys());
      feed = sharedFeed(store, rawLog(connection));
    });
    after(async () => {
      await feed.close();
      await connection.dispose();
      await node.close();
    });

    itKeepsEvents((keys) => ({ ...eventStoreDb(connection, keys), pages: feed.pages }));

    it('everything is written once, and followed once and in order, by many at a time', async () => {
      const enough = new AbortController();
      const found: string[] = [];
      const follow = async () => {
        for await (const { events } of feed.pages(thingEvents, BEGINNING, enough.signal)) {
          const ours = events.filter(({ stream }) => stream.startsWith('thing-harsh'));
          found.push(...ours.map(({ stream, revision }) => `${stream} ${revision}`));
          if (found.length >= WRITERS * EACH) enough.abort();
        }
      };
      const write = async (writer: number) => {
        const stream = `thing-harsh${writer}`;
        for (let nth = 0; nth < EACH; nth += 1) {
          const expected = nth === 0 ? 'no-stream' : BigInt(nth - 1);
          const [event, commandId] = [nth === 0 ? made() : broken(), `${writer} ${nth}`];
          await store.append(stream, thingEvents, [event], {
            ...{ expected, meta: { ...meta, commandId } },
          });
        }
      };
      await Promise.all([follow(), ...Array.from({ length: WRITERS }, (_, nth) => write(nth))]);

      expect(found).to.have.length(WRITERS * EACH);
      for (let writer = 0; writer < WRITERS; writer += 1)
        expect(found.filter((line) => line.startsWith(`thing-harsh${writer} `))).to.deep.equal(
          Array.from({ length: EACH }, (_, nth) => `thing-harsh${writer} ${nth}`),
        );
    });
  });
