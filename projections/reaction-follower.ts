import type { Knex } from 'knex';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import { BEGINNING, type EventStore, type Recorded } from '#shared/kernel/event-store.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { enlist, standingOf } from '#shared/platform/checkpoint.ts';
import type { Follower, Following } from './follower.ts';
import { addJobs } from './jobs.ts';
import type { AnyReaction } from './reaction.ts';

/** Told apart from a view of the same name. */
export const checkpointName = (reaction: string): string => `reaction:${reaction}`;

const enlisted = (name: string) =>
  ({ name: checkpointName(name), kind: 'reaction', version: 1 }) as const;

const beginning = async (eventStore: EventStore, { begin = 'end' }: Pick<AnyReaction, 'begin'>) =>
  begin === 'end' ? eventStore.end() : BEGINNING;

/** The part of a follower that has nothing to do with what it sees to. */
export const reacting = (
  reaction: Pick<AnyReaction, 'name' | 'events' | 'begin'>,
  apply: Follower['apply'],
): Follower => ({
  ...enlisted(reaction.name),
  events: reaction.events,
  // What went out cannot be taken back: a crash must not forget that it was seen to.
  redoable: false,
  prepare: async ({ db, eventStore }) => {
    const { name, ...work } = enlisted(reaction.name);
    if (await standingOf(db, name)) return;
    await enlist(db, { name, ...work }, await beginning(eventStore, reaction));
  },
  apply,
});

const NEVER = new AbortController().signal;

/**
 * Either all of them have begun or none: who sees that one has may rely on it that whatever is
 * taken from now on is seen to.
 */
export const beginTogether = (following: Following, reacting: readonly Follower[]): Promise<void> =>
  following.db.transaction(async (db) => {
    for (const { prepare } of reacting) await prepare({ ...following, db }, NEVER);
  });

const rowOf = ({ name, on }: AnyReaction, event: Recorded): Partial<IntentRow> | undefined => {
  const intent = on[event.type]?.(event);
  if (!intent) return undefined;
  const { kind, stream, data, runAt, sequence = null } = intent;
  return {
    id: derivedId('intent', name, event.id),
    reaction: name,
    kind,
    event_id: event.id,
    correlation_id: event.meta.correlationId,
    traceparent: event.meta.traceparent ?? null,
    stream,
    data,
    sequence,
    next_attempt_at: runAt === undefined ? null : new Date(runAt),
  };
};

/** Rows stay for good; a job is made for those that are new, since a queue forgets what is done. */
const intend = async (tx: Knex, rows: readonly Partial<IntentRow>[]): Promise<void> => {
  if (rows.length === 0) return;
  const { rows: fresh } = await tx.raw<{
    readonly rows: readonly Pick<IntentRow, 'id' | 'kind' | 'next_attempt_at'>[];
  }>(
    `insert into ?? (id, reaction, kind, event_id, correlation_id, traceparent, stream, data,
                     sequence, next_attempt_at)
     select id, reaction, kind, event_id, correlation_id, traceparent, stream, data, sequence,
            coalesce(next_attempt_at, now())
       from json_populate_recordset(null::intent, ?::json)
     on conflict (id) do nothing
     returning id, kind, next_attempt_at`,
    [intentTable, JSON.stringify(rows)],
  );
  await addJobs(tx, fresh);
};

/** Intents, their jobs and the position, in one transaction: each event is seen to exactly once. */
export const reactionFollower = (reaction: AnyReaction): Follower =>
  reacting(reaction, (tx, events) =>
    intend(
      tx,
      events.map((event) => rowOf(reaction, event)).filter((row) => row !== undefined),
    ),
  );
