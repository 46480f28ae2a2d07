import type { Knex } from 'knex';

/** What is to be done outside, and how that stands. Rows are kept for good. */
export const intentTable = 'intent';

export const INTENT_STATUSES = ['WAITING', 'PARKED', 'DONE'] as const;
export type IntentStatus = (typeof INTENT_STATUSES)[number];

export type IntentRow = {
  /** Of the reaction and the event: the same event never leads to a second one. */
  readonly id: string;
  readonly reaction: string;
  /** Which effect carries it out. */
  readonly kind: string;
  /** What it came of. */
  readonly event_id: string;
  readonly correlation_id: string;
  readonly traceparent: string | null;
  /** What it is about. */
  readonly stream: string;
  /** Names of things; never personal data. */
  readonly data: Readonly<Record<string, string>>;
  readonly status: IntentStatus;
  /** How often an operator had it tried afresh. */
  readonly round: number;
  /** In this round. */
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
  readonly last_error: string | null;
  /** No more attempts will be made; parked as soon as that is in the log. */
  readonly gave_up_at: Date | null;
  /** Of those with the same, one begins when those before it are done, or parked. */
  readonly sequence: string | null;
  /** The order in which they were intended; a bigint, in decimal. */
  readonly ordinal: string;
  /** The process that is carrying it out, for as long as it does. */
  readonly held_by: string | null;
  readonly created_at: Date;
  readonly done_at: Date | null;
};

/** Which process a worker of the queue belongs to: when that is gone, so are its workers. */
export const workerTable = 'effect_worker';
export type WorkerRow = { readonly worker_id: string; readonly process: string };

export const intentSchema = {
  name: 'intent',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      create table intent (
        id uuid primary key,
        reaction text not null,
        kind text not null,
        event_id uuid not null,
        correlation_id text not null,
        traceparent text,
        stream text not null,
        data jsonb not null,
        status text not null default 'WAITING' check (status in ('WAITING', 'PARKED', 'DONE')),
        round integer not null default 0,
        attempts integer not null default 0,
        next_attempt_at timestamptz,
        last_error text,
        gave_up_at timestamptz,
        created_at timestamptz not null default now(),
        done_at timestamptz
      )`);
    await db.raw('create index intent_newest on intent (created_at desc, id desc)');
    await db.raw('create index intent_by_status on intent (status, created_at desc, id desc)');
    await db.raw(`create index intent_open on intent (kind, status) where status <> 'DONE'`);
    await db.raw('create table effect_worker (worker_id text primary key, process text not null)');
  },
};

/** What may not overtake what, and who comes next. */
export const intentOrderSchema = {
  name: 'intent-order',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      alter table intent
        add column sequence text,
        add column ordinal bigint generated always as identity`);
    await db.raw(`
      create index intent_in_order on intent (sequence, ordinal)
       where status = 'WAITING' and sequence is not null`);
  },
};

/** Who carries it out: two jobs of the same intent may be there at once, two attempts may not. */
export const intentHolderSchema = {
  name: 'intent-holder',
  up: async (db: Knex): Promise<void> => {
    await db.raw('alter table intent add column held_by text');
    await db.raw('create index intent_held on intent (held_by) where held_by is not null');
  },
};
