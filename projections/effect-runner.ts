import { randomUUID } from 'node:crypto';
import { EventEmitter, setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger, run, type Runner, type TaskList, type WorkerEvents } from 'graphile-worker';
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import type { Pool } from 'pg';
import type { Log } from '#shared/platform/log.ts';
import type { Claims } from './claims.ts';
import { CONCURRENCY } from './effect-pool.ts';
import { carryOutOnce, type EffectWork } from './effect-task.ts';
import { disband, enroll, sweep } from './effect-workers.ts';
import type { Effect } from './effect.ts';
import { givingWay, type Pressure } from './giving-way.ts';
import { addJobs } from './jobs.ts';
import { cronItems, scheduledTasks } from './scheduled-tasks.ts';
import type { Scheduled } from './scheduled.ts';

/** Of one kind, unless it says otherwise: the others must get through while a partner hangs. */
const AT_ONCE = 6;
const POLL_MS = 1_000;
const SWEEP_MS = 2_000;
/** Attempts that are under way when the process is told to stop have this long. */
const STOP_MS = 4_000;
export type Effects = EffectWork & {
  /** As `EFFECT_POOL` says. */
  readonly pool: Pool;
  readonly claims: Claims;
  readonly effects: readonly Effect[];
  readonly pressure?: Pressure;
  readonly scheduled?: readonly Scheduled[];
  readonly pollMs?: number;
  readonly sweepMs?: number;
  readonly stopMs?: number;
};

/** What the queue says is of interest to whoever looks for a fault; what an effect says, we say. */
const queueLog = (log: Log): Logger =>
  new Logger(() => (level, message) => {
    const said: string = level;
    if (said === 'error') log.error({ queue: true }, message);
    else if (said === 'warning') log.warn({ queue: true }, message);
    else log.debug({ queue: true }, message);
  });

const NEVER = new AbortController().signal;

/** Later, without having been tried: too many of its kind are under way. */
const putBack = async ({ db, clock, pollMs = POLL_MS }: Effects, id: string, kind: string) => {
  const due = new Date(Date.parse(clock()) + pollMs);
  await addJobs(db, [{ id, kind, next_attempt_at: due }]);
};

type Life = {
  /** Its name, under which it holds what it carries out. */
  readonly holder: string;
  readonly end: AbortSignal;
  readonly onLost: (error: unknown) => void;
};

/** A task for each kind of effect, and which of them the queue should leave alone for now. */
const tasksOf = (work: Effects, { holder, end, onLost }: Life) => {
  const busy = new Map<string, number>();
  const underWay = (kind: string) => busy.get(kind) ?? 0;
  const full = () =>
    work.effects
      .filter(({ kind, atOnce = AT_ONCE }) => underWay(kind) >= atOnce)
      .map(({ kind }) => kind);
  const taskOf = (effect: Effect): TaskList[string] => {
    const { kind, atOnce = AT_ONCE, givesWay = false } = effect;
    const inTurn = givingWay({ isHigh: () => givesWay && (work.pressure?.isHigh() ?? false) });
    return async (payload, { abortSignal: stopping = NEVER }) => {
      const { intentId } = payload as { readonly intentId: string };
      // Idle workers look for work all at once, before the first one that finds any has begun.
      if (underWay(kind) >= atOnce) return putBack(work, intentId, kind);
      busy.set(kind, underWay(kind) + 1);
      setMaxListeners(2 * CONCURRENCY, stopping);
      try {
        const once = () => carryOutOnce(work, effect, { id: intentId, holder }, stopping);
        await inTurn(once, stopping);
      } catch (error) {
        // What it held is let go with everything else of this life.
        onLost(error);
        throw error;
      } finally {
        busy.set(kind, underWay(kind) - 1);
      }
    };
  };
  return {
    taskList: {
      ...Object.fromEntries(work.effects.map((effect) => [effect.kind, taskOf(effect)])),
      ...scheduledTasks(work.scheduled),
    },
    // To look past the thousands of a kind that is full takes the database long: whoever is idle
    // takes the time, and whoever has just made room finds nothing full.
    forbiddenFlags: async () => {
      if (full().length > 0)
        await pause(work.pollMs ?? POLL_MS, undefined, { signal: end }).catch(() => undefined);
      return full();
    },
  };
};

/** Runs the queue's workers, and says when one of them is lost. */
const started = async (work: Effects, life: Life): Promise<Runner> => {
  const { onLost, holder } = life;
  const events = new EventEmitter() as WorkerEvents;
  events.setMaxListeners(0);
  // The queue never replaces a worker that could not put away its job.
  events.on('worker:fatalError', ({ error }) => {
    onLost(error);
  });
  const startWorker = async (_context: unknown, event: { worker: { workerId: string } }) => {
    try {
      await enroll(work.db, holder, event.worker.workerId);
    } catch (error) {
      onLost(error);
    }
  };
  const runner = await run({
    pgPool: work.pool,
    ...tasksOf(work, life),
    concurrency: CONCURRENCY,
    pollInterval: work.pollMs ?? POLL_MS,
    gracefulShutdownAbortTimeout: work.stopMs ?? STOP_MS,
    noHandleSignals: true,
    parsedCronItems: cronItems(work.scheduled),
    events,
    logger: queueLog(work.log),
    preset: {
      plugins: [{ name: 'enroll', version: '1.0.0', worker: { hooks: { startWorker } } }],
    },
  });
  // Why it ended shows in what is logged, and in the workers that are missing.
  runner.promise.catch(onLost);
  return runner;
};

/** From when its name is claimed until something breaks or it is told to stop. */
const oneLife = async (work: Effects, signal: AbortSignal): Promise<void> => {
  const { db, claims, log, sweepMs = SWEEP_MS } = work;
  const holder = `effects:${randomUUID()}`;
  const alive = await claims.take(holder);
  if (!alive) throw new Error(`${holder} is taken, which cannot be`);
  const broken = new AbortController();
  const onLost = (error: unknown) => {
    broken.abort(error);
  };
  const end = AbortSignal.any([signal, alive, broken.signal]);
  let runner: Runner | undefined;
  try {
    runner = await started(work, { holder, end, onLost });
    while (!end.aborted) {
      const workers = await sweep(db, claims, holder);
      if (workers > 0) log.warn({ workers }, 'freed what the workers of a dead process had locked');
      await pause(sweepMs, undefined, { signal: end }).catch(() => undefined);
    }
    if (!signal.aborted)
      throw new Error('Its workers or its claim were lost', { cause: end.reason });
  } finally {
    await runner?.stop().catch(() => undefined);
    await disband(db, holder).finally(() => claims.release(holder));
  }
};

/**
 * Carries out what is intended, until it is told to stop. Whatever it needs may go away and come
 * back; it then begins a new life, and what its last one left locked is freed.
 */
export const runEffects = async (work: Effects, signal: AbortSignal): Promise<void> => {
  const calm = new ExponentialBackoff({ initialDelay: 200, maxDelay: 30_000 });
  let trouble: IBackoff<unknown> = calm.next();
  while (!signal.aborted) {
    const began = performance.now();
    try {
      await oneLife(work, signal);
    } catch (error) {
      if (performance.now() - began > 60_000) trouble = calm.next();
      work.log.warn({ err: error }, 'carries nothing out for the moment; goes on by itself');
      await pause(trouble.duration, undefined, { signal }).catch(() => undefined);
      trouble = trouble.next(undefined);
    }
  }
};
