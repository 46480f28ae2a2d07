import type { EventStore } from '#shared/kernel/event-store.ts';
import { systemClock } from '#shared/kernel/message.ts';
import type { ForwardCashback } from '#shared/sale/ports.ts';
import { cashbackForwarding } from '../../adapters/cashback-api/forwarding.ts';
import { connect } from '../../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../../adapters/eventstoredb/event-store.ts';
import { connectionPool, database } from '../../adapters/postgres/database.ts';
import { personalKeys } from '../../adapters/postgres/personal-keys.ts';
import { claimsOn } from '../../projections/claims.ts';
import { EFFECT_POOL } from '../../projections/effect-pool.ts';
import { runEffects } from '../../projections/effect-runner.ts';
import type { Effect } from '../../projections/effect.ts';
import { follow } from '../../projections/follow.ts';
import type { Follower } from '../../projections/follower.ts';
import { reactionFollower } from '../../projections/reaction-follower.ts';
import { forwardCashback } from '../../projections/sale/effects.ts';
import { forwardCashbackOfSales } from '../../projections/sale/reactions.ts';
import { silent } from './silent.ts';

// The part of the projections that forwards cashbacks, as a process of its own. It ends itself as
// a crash would, when it comes to one step on the way of one sale.

export type ForwardingProcess = {
  readonly eventStoreUrl: string;
  readonly databaseUrl: string;
  readonly partnerUrl: string;
  readonly timeoutMs: number;
  /** Base64. */
  readonly masterKey: string;
  /** At which step of which sale it dies; never without it. */
  readonly dies?: { readonly at: string; readonly stream: string };
};

const given = JSON.parse(process.argv[2] ?? '') as ForwardingProcess;
const { eventStoreUrl, databaseUrl, partnerUrl, timeoutMs, masterKey, dies } = given;

const come = (to: string, stream: string): void => {
  if (dies?.at === to && dies.stream === stream) process.kill(process.pid, 'SIGKILL');
};

const dyingStore = (store: EventStore): EventStore => ({
  ...store,
  append: async (stream, contract, events, options) => {
    const [event] = events;
    const about = (event?.data as { readonly about?: string } | undefined)?.about ?? stream;
    come(`before ${event?.type ?? ''}`, about);
    const appended = await store.append(stream, contract, events, options);
    come(`after ${event?.type ?? ''}`, about);
    return appended;
  },
});

const dyingFollower = (follower: Follower): Follower => ({
  ...follower,
  apply: async (tx, events) => {
    await follower.apply(tx, events);
    for (const { stream } of events) come('before the intent is there', stream);
  },
});

const db = database(databaseUrl, { name: 'forwarding', connections: 8 });
const done = new Set<string>();
db.on('query', ({ sql }: { readonly sql: string }) => {
  if (sql.startsWith('update "intent"'))
    for (const stream of done) come('before it is done', stream);
});

const dyingEffect = (effect: Effect): Effect => ({
  ...effect,
  carryOut: async (intent, attempt) => {
    come('after the intent is there', intent.stream);
    await effect.carryOut(intent, attempt);
    done.add(intent.stream);
  },
});

const pool = connectionPool(databaseUrl, EFFECT_POOL, () => undefined);
const connection = connect(eventStoreUrl);
const keys = personalKeys(db, Buffer.from(masterKey, 'base64'));
const eventStore = dyingStore(eventStoreDb(connection, keys));
const forward: ForwardCashback = cashbackForwarding({ url: partnerUrl, timeoutMs });
const effects = [dyingEffect(forwardCashback({ eventStore, forward, clock: systemClock }))];
const claims = claimsOn(pool, silent);
const common = { eventStore, db, claims, log: silent };
const stopping = new AbortController();
const running = [
  follow(common, dyingFollower(reactionFollower(forwardCashbackOfSales)), stopping.signal),
  runEffects(
    {
      ...{ ...common, clock: systemClock, pool, effects, pollMs: 20, sweepMs: 50 },
      retry: { retryBaseMs: 10, retryMaxMs: 50, maxAttempts: 2 },
    },
    stopping.signal,
  ),
];
process.once('SIGTERM', () => {
  stopping.abort();
});
await Promise.all(running);
await claims.close();
await pool.end();
await connection.dispose();
await db.destroy();
