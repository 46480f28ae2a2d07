import type { Knex } from 'knex';
import { effect as effectDecider } from '#shared/effect/decider.ts';
import { effectEvents } from '#shared/effect/events.ts';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import { Permanent } from '#shared/effect/permanent.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import type { Clock, Instant } from '#shared/kernel/message.ts';
import { saidBy, type Log } from '#shared/platform/log.ts';
import type { EffectOutcome } from '#shared/platform/metrics.ts';
import { cutOff, limited } from './attempt-limit.ts';
import { begun, callNext } from './effect-order.ts';
import { metaOf, type Effect, type Pending } from './effect.ts';
import { addJobs } from './jobs.ts';
import { retryDelayMs, type RetrySettings } from './retry-delay.ts';

/** When not even giving up can be put on record: the event store must be away. */
const RECORD_AGAIN_MS = 5_000;

export type EffectWork = {
  readonly db: Knex;
  readonly eventStore: EventStore;
  readonly log: Log;
  readonly clock: Clock;
  readonly retry: RetrySettings;
  readonly random?: () => number;
  /** Called after each attempt, with how it ended and how many seconds it took. */
  readonly onAttempt?: (kind: string, outcome: EffectOutcome, seconds: number) => void;
};

const pendingOf = (row: IntentRow): Pending => ({
  id: row.id,
  kind: row.kind,
  stream: row.stream,
  data: row.data,
  eventId: row.event_id,
  correlationId: row.correlation_id,
  ...(row.traceparent !== null && { traceparent: row.traceparent }),
});

/** Changes the row, if it is still in the round that it was in when we began. */
const change = (db: Knex, { id, round }: IntentRow, changes: Partial<IntentRow>) =>
  db<IntentRow>(intentTable).where({ id, round, status: 'WAITING' }).update(changes);

/** The row and the job that comes next, in one transaction. */
const again = (db: Knex, row: IntentRow, afterMs: number, changes: Partial<IntentRow>) =>
  db.transaction(async (tx) => {
    const next = tx.raw<Date>(`now() + ? * interval '1 ms'`, [afterMs]);
    const due = { ...changes, next_attempt_at: next as unknown as Date, held_by: null };
    const kept = await change(tx, row, due).returning(['id', 'kind', 'next_attempt_at']);
    await addJobs(tx, kept);
  });

/** Nothing when it was carried out, else why not. */
const attempted = async (
  { carryOut }: Effect,
  row: IntentRow,
  stopping: AbortSignal,
): Promise<Error | undefined> => {
  const { signal, end } = limited(stopping);
  const attempt = { attempt: row.attempts, signal, idempotencyKey: row.id };
  try {
    await Promise.race([carryOut(pendingOf(row), attempt), cutOff(signal)]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    end();
  }
};

/** The end of a round: whoever waited for it in its sequence is next. */
const finish = async (db: Knex, row: IntentRow, end: Partial<IntentRow>): Promise<void> => {
  const { sequence } = row;
  const changes = { ...end, next_attempt_at: null, held_by: null };
  if (sequence === null) await change(db, row, changes);
  else
    await db.transaction(async (tx) => {
      await change(tx, row, changes);
      await callNext(tx, sequence);
    });
};

const parkedIn = (eventStore: EventStore) =>
  commandHandler(eventStore, 'effect', effectEvents, effectDecider);

/** Puts on record that it was given up, and only then shows it as parked. */
const park = async (work: EffectWork, effect: Effect, row: IntentRow): Promise<void> => {
  const { db, eventStore } = work;
  const { id, kind, stream: about, attempts, round } = row;
  const at = (row.gave_up_at ?? new Date(work.clock())).toISOString() as Instant;
  const error = row.last_error ?? '';
  const pending = pendingOf(row);
  await effect.onParked?.(pending, { attempts, error, round, at });
  await parkedIn(eventStore)(
    id,
    { type: 'ParkEffect', data: { effectId: id, kind, about, attempts, error, round, at } },
    { meta: metaOf(pending, at, `parked-${round}`), keyed: true },
  );
  await finish(db, row, { status: 'PARKED' });
};

const giveUp = async (work: EffectWork, row: IntentRow, error: Error): Promise<IntentRow> => {
  const { db, log, clock } = work;
  const { id: effectId, kind, stream } = row;
  const given = { last_error: saidBy(error), gave_up_at: new Date(clock()) };
  await change(db, row, given);
  log.error(
    { err: error, effectId, kind, stream, attempts: row.attempts },
    `given up: see what the error says, then run "lastro effects retry ${effectId}"`,
  );
  return { ...row, ...given };
};

/** What becomes of a failed attempt; given up, it comes back as it stands then. */
const failed = async (
  work: EffectWork,
  row: IntentRow,
  error: Error,
): Promise<IntentRow | undefined> => {
  const { db, log, retry, random = Math.random } = work;
  if (error instanceof Permanent || row.attempts >= retry.maxAttempts)
    return giveUp(work, row, error);
  const afterMs = retryDelayMs(row.attempts, retry, random);
  const { id: effectId, kind, attempts } = row;
  log.warn({ err: error, effectId, kind, attempts, againInMs: afterMs }, 'failed, and comes again');
  await again(db, row, afterMs, { last_error: saidBy(error) });
  return undefined;
};

const done = (work: EffectWork, row: IntentRow) =>
  finish(work.db, row, {
    status: 'DONE',
    done_at: new Date(work.clock()),
    last_error: null,
  });

const DIED = 'The process died during every attempt';

/** One attempt and what comes of it; what was given up comes back as it stands then. */
const tried = async (
  work: EffectWork,
  effect: Effect,
  row: IntentRow,
  stopping: AbortSignal,
): Promise<IntentRow | undefined> => {
  if (row.attempts > work.retry.maxAttempts)
    return giveUp(work, row, new Error(row.last_error ?? DIED));
  const began = performance.now();
  const error = await attempted(effect, row, stopping);
  const report = (outcome: EffectOutcome) =>
    work.onAttempt?.(row.kind, outcome, (performance.now() - began) / 1_000);

  if (!error) {
    await done(work, row);
    report('done');
    return undefined;
  }
  if (stopping.aborted) {
    await again(work.db, row, 0, { attempts: row.attempts - 1 });
    return undefined;
  }
  const givenUp = await failed(work, row, error);
  report(givenUp ? 'parked' : 'retried');
  return givenUp;
};

/** One attempt, unless there is nothing left to do. Throws only when the database is away. */
export const carryOutOnce = async (
  work: EffectWork,
  effect: Effect,
  wanted: { readonly id: string; readonly holder: string },
  stopping: AbortSignal,
): Promise<void> => {
  const { db, log, retry } = work;
  const { id } = wanted;
  const row = await begun(db, wanted);
  const givenUp = row?.gave_up_at === null ? await tried(work, effect, row, stopping) : row;
  if (!givenUp) return;
  try {
    await park(work, effect, givenUp);
  } catch (error) {
    log.error({ err: error, effectId: id }, 'could not put on record that it was given up');
    await again(db, givenUp, Math.min(RECORD_AGAIN_MS, retry.retryMaxMs), {});
  }
};
