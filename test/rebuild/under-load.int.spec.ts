import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { Knex } from 'knex';
import { activation } from '#shared/activation/decider.ts';
import { activationEvents } from '#shared/activation/events.ts';
import { anAnalyst, noon, submit } from '#shared/activation/examples.ts';
import type { ActivationCommand } from '#shared/activation/commands.ts';
import { activationsTable } from '#shared/activation/view.ts';
import { intentTable } from '#shared/effect/intent.ts';
import type { ActivationId } from '#shared/ids.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { rebuildSchema } from '#shared/platform/rebuild-schema.ts';
import { reachedIn } from '#shared/platform/reached.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { database as connected } from '../../adapters/postgres/database.ts';
import { activations } from '../../projections/activation/activations-view.ts';
import { tellCustomerOfActivation } from '../../projections/activation/reactions.ts';
import { reactionFollower } from '../../projections/reaction-follower.ts';
import { rebuild } from '../../projections/rebuild.ts';
import { prepareView, viewFollower } from '../../projections/view-follower.ts';
import { activationRoutes } from '../../query-api/activation/routes.ts';
import { anEventStore } from '../support/an-event-store.ts';
import { pastIn } from '../support/the-past.ts';
import { anEffectDatabase } from '../support/effects.ts';
import { following } from '../support/following.ts';
import { found } from '../support/found.ts';
import { silent } from '../support/silent.ts';

const READS_PER_SECOND = 200;
const COMMANDS_PER_SECOND = 100;
const REBUILDS = 3;
const SHORTEST_LOAD_MS = 4_000;
/** Where the machine is slower than that, so is the load. */
const MOST_IN_FLIGHT = 8;

/** So many a second until it is told to stop; then all of them have come to their end. */
const paced = (perSecond: number, work: (nth: number) => Promise<void>) => {
  const [underWay, failures] = [new Set<Promise<void>>(), new Array<unknown>()];
  let [stopped, begun] = [false, 0];
  const run = async () => {
    const started = performance.now();
    while (!stopped) {
      const due = ((performance.now() - started) / 1_000) * perSecond;
      while (begun < due && underWay.size < MOST_IN_FLIGHT) {
        const one: Promise<void> = work(begun)
          .catch((error: unknown) => void failures.push(error))
          .finally(() => underWay.delete(one));
        underWay.add(one);
        begun += 1;
      }
      await pause(5);
    }
    await Promise.all(underWay);
    return { failures, done: begun };
  };
  const running = run();
  return () => {
    stopped = true;
    return running;
  };
};

describe('A rebuild while others read and write', function () {
  this.timeout(90_000);
  const events = anEventStore(inMemoryKeys());
  const database = anEffectDatabase();
  const authorization = `Bearer ${tokenOf('analyst')}`;
  let server: Server;
  let readers: Knex;
  before(async () => {
    await rebuildSchema.up(database());
    readers = connected(database.url(), { name: 'readers', connections: 10 });
    const api = { routes: activationRoutes(readers, inMemoryKeys(), pastIn()) };
    const { app } = aThingApi({ ...api, reached: reachedIn(readers) });
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(async () => {
    server.close();
    await readers.destroy();
  });

  const decided = async (command: ActivationCommand, nth: number): Promise<bigint> => {
    const handle = commandHandler(events.store(), 'activation', activationEvents, activation);
    const commandId = derivedId(command.type, String(nth));
    const asked = { meta: { ...meta, commandId }, keyed: true };
    const handled = await handle(command.data.activationId, command, asked);
    if (handled.outcome === 'refused') throw new Error(handled.reason);
    return handled.position ?? 0n;
  };
  const revisionOf = async (id: string, position = 0n): Promise<number> => {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/v1/activations/${id}`, {
      headers: { authorization, 'min-log-position': String(position) },
    });
    const body = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status} ${body}`);
    return Number(answer.headers.get('etag')?.replaceAll('"', ''));
  };

  /** What callers have seen: the revision of each thing, which may only grow. */
  const load = () => {
    const seen = new Map<string, number>();
    const read = async (id: string, position?: bigint) => {
      const before = seen.get(id) ?? -1;
      const revision = await revisionOf(id, position);
      if (revision < before) throw new Error(`${id} went from ${before} back to ${revision}`);
      seen.set(id, Math.max(revision, seen.get(id) ?? -1));
    };
    const command = async (nth: number) => {
      const activationId = derivedId('loaded', String(nth >> 1)) as ActivationId;
      const made = submit({ activationId });
      await read(activationId, await decided(made, nth >> 1));
      if (nth % 2 === 0) return;
      const approval = { activationId, by: anAnalyst, at: noon };
      await read(activationId, await decided({ type: 'ApproveActivation', data: approval }, nth));
    };
    const commands = paced(COMMANDS_PER_SECOND, command);
    const reads = paced(READS_PER_SECOND, async (nth) => {
      const ids = [...seen.keys()];
      const id = ids[(nth * 7) % ids.length];
      if (id !== undefined) await read(id);
    });
    return async () => {
      const all = [await commands(), await reads()];
      return { seen, failures: all.flatMap(({ failures }) => failures) };
    };
  };

  it('fails no read, takes no row back, sends nothing, and differs in what was planted only', async () => {
    const reaction = reactionFollower(tellCustomerOfActivation);
    await prepareView(database(), activations);
    const followed = { eventStore: events.store(), db: database() };
    const stop = following(followed, viewFollower(activations), reaction);
    await found(
      () => database()('projection').count<{ count: string }[]>(),
      ([counted]) => counted?.count === '2',
    );
    const rebuilding = (compareOnly = false) =>
      rebuild({ ...followed, log: silent }, activations, { compareOnly });

    const loaded = load();
    const enough = pause(SHORTEST_LOAD_MS);
    const comparisons: unknown[] = [];
    try {
      for (let nth = 0; nth < REBUILDS; nth += 1) comparisons.push((await rebuilding()).comparison);
      await enough;
    } finally {
      await loaded();
    }
    const { seen, failures } = await loaded();
    for (const comparison of comparisons)
      expect(comparison).to.include({ onlyLive: 0, onlyRebuilt: 0, different: 0 });
    expect(failures).to.deep.equal([]);
    expect(seen.size).to.be.greaterThan(10);

    const happened = [...seen.values()].reduce((sum, revision) => sum + revision + 1, 0);
    const countOf = (table: string) => database()(table).count<{ count: string }[]>();
    for (const table of [intentTable, 'graphile_worker._private_jobs'])
      await found(
        () => countOf(table),
        ([counted]) => counted?.count === String(happened),
      );
    await stop();

    expect((await rebuilding(true)).comparison).to.include({ different: 0 });
    const [planted] = seen.keys();
    await database()(activationsTable)
      .where({ activation_id: planted })
      .update({ reason: 'Planted' });
    const { comparison } = await rebuilding(true);
    expect(comparison).to.include({ onlyLive: 0, onlyRebuilt: 0, different: 1 });
    expect(comparison?.first[0]).to.deep.include({ key: planted, live: { reason: 'Planted' } });
  });
});
