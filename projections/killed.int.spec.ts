import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { projectionTable } from '#shared/platform/checkpoint.ts';
import { given, made, thingEvents } from '#shared/testing/a-thing.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { connect, type Connection } from '../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../adapters/eventstoredb/event-store.ts';
import { aViewToRebuild } from '../test/support/a-view-to-rebuild.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from '../test/support/an-event-store.ts';
import { found } from '../test/support/found.ts';

const SCRIPT = fileURLToPath(new URL('../test/support/a-rebuilding-process.ts', import.meta.url));
/** So many that a rebuild takes more than one transaction. */
const LARGE = { things: 50, events: 500 };

const same = { onlyLive: 0, onlyRebuilt: 0, different: 0 };

describe('A process that is killed', function () {
  this.timeout(90_000);
  const { database, databaseUrl, arrived, live, kept, rebuilt, leftovers } = aViewToRebuild();
  let node: AnEmbeddedNode;
  let connection: Connection;
  let store: EventStore;
  const running = new Set<ChildProcess>();

  const grow = async (name: string, things: number, events: number): Promise<void> => {
    for (let nth = 0; nth < things; nth += 1) {
      const thingId = `${name}${nth}`;
      const gifts = Array.from({ length: events - 1 }, () => given({ thingId, name: 'Ana' }));
      await store.append(`thing-${thingId}`, thingEvents, [made({ thingId }), ...gifts], {
        ...{ expected: 'no-stream', meta: { ...meta, commandId: thingId } },
      });
    }
  };
  /** Resolves when it has come to its place. */
  const started = async (place: string): Promise<ChildProcess> => {
    const args = ['--import', 'tsx', SCRIPT, node.url, databaseUrl(), place];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    running.add(child);
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(`It ended with ${String(code)} before it was ${place}`);
    });
    died.catch(() => undefined);
    await Promise.race([once(child.stdout, 'data'), died]);
    return child;
  };
  const killed = async (child: ChildProcess): Promise<void> => {
    running.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };

  before(async () => {
    node = await anEmbeddedNode();
    connection = connect(node.url);
    store = eventStoreDb(connection, inMemoryKeys());
    await grow('first', 5, 4);
  });
  afterEach(() => Promise.all([...running].map(killed)));
  after(async () => {
    await connection.dispose();
    await node.close();
  });

  const leavesItAlone = (place: string) => {
    it(`while ${place} leaves the live table alone, and the next one comes to what the log says`, async () => {
      await kept(store);
      const before = await live().orderBy('thing_id');
      await killed(await started(place));
      expect(await live().orderBy('thing_id')).to.deep.equal(before);
      await grow(place, 3, 4);
      await kept(store);
      // Its lease runs out by itself, later than a spec can wait.
      await database()(projectionTable).update({ rebuild: null });
      const { comparison, switched } = await rebuilt(store);
      expect(comparison).to.include(same);
      expect(comparison?.rows.live).to.equal(before.length + 3);
      expect(switched).to.equal(true);
      expect(await leftovers()).to.equal(false);
      const folded = await live().where('thing_id', 'like', 'first%').pluck('folded');
      expect(folded).to.deep.equal([4, 4, 4, 4, 4]);
    });
  };
  for (const place of ['indexing', 'comparing', 'switching']) leavesItAlone(place);

  it('while two keep the same view leaves it to the other, and nothing is lost or done twice', async () => {
    const [one, other] = await Promise.all([started('keeping'), started('keeping')]);
    const writing = grow('small', 60, 5);
    await found(
      () => live().count<{ n: string }[]>('* as n'),
      ([counted]) => Number(counted?.n) > 20,
    );
    await killed(one);
    await writing;
    await arrived(store);
    await killed(other);
    const { comparison } = await rebuilt(store, { compareOnly: true });
    expect(comparison).to.include(same);
    const folded = await live().where('thing_id', 'like', 'small%').pluck('folded');
    expect(folded).to.deep.equal(Array.from({ length: 60 }, () => 5));
  });

  describe('with much to do', () => {
    before(() => grow('large', LARGE.things, LARGE.events));
    for (const place of ['replaying', 'writing']) leavesItAlone(place);
  });
});
