import type { Knex } from 'knex';
import { BEGINNING } from '#shared/kernel/event-store.ts';

/** One row for each view and each reaction: how far it has got, and whether it goes on. */
export const projectionTable = 'projection';

export type ProjectionKind = 'view' | 'reaction';

/** A rebuild that was killed counts as under way for this much longer. */
export const REBUILD_STALE_SECONDS = 15;

/** How far a rebuild has got. Written about once a second while it lasts. */
export type RebuildProgress = {
  readonly phase: string;
  /** Events folded so far. */
  readonly processed: number;
  readonly perSecond: number;
  readonly etaSeconds: number | null;
};

export type ProjectionRow = {
  readonly name: string;
  readonly kind: ProjectionKind;
  readonly version: number;
  /** The table that a view keeps. */
  readonly keeps: string | null;
  /** A bigint, in decimal. */
  readonly position: string;
  readonly status: 'RUNNING' | 'PARKED';
  readonly last_error: string | null;
  /** `at` and `owner` while somebody is at it; `error` where it was parked. */
  readonly rebuild:
    | (RebuildProgress & {
        readonly at?: string;
        readonly owner?: string;
        readonly error?: string;
      })
    | null;
  readonly updated_at: Date;
};

/** What this work is called, what it keeps, and the version of the code that does it. */
export type Enlisted = {
  readonly name: string;
  readonly kind: ProjectionKind;
  readonly version: number;
  readonly keeps?: string | undefined;
};

export type Standing = {
  readonly position: bigint;
  readonly version: number;
  readonly parked: boolean;
};

export const checkpointSchema = {
  name: 'projection',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      create table projection (
        name text primary key,
        kind text not null check (kind in ('view', 'reaction')),
        version integer not null,
        keeps text,
        position bigint not null,
        status text not null default 'RUNNING' check (status in ('RUNNING', 'PARKED')),
        last_error text,
        rebuild jsonb,
        updated_at timestamptz not null default now()
      ) with (fillfactor = 50)`);
  },
};

/** Another process does this work too, and got there first. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

export const standingOf = async (db: Knex, name: string): Promise<Standing | undefined> => {
  const row = await db<ProjectionRow>(projectionTable).where({ name }).first();
  return (
    row && {
      position: BigInt(row.position),
      version: row.version,
      parked: row.status === 'PARKED',
    }
  );
};

/** Puts work on the list, where it begins; what is there already stays as it is. */
export const enlist = async (
  db: Knex,
  { name, kind, version, keeps }: Enlisted,
  position: bigint,
): Promise<void> => {
  const row = { name, kind, version, keeps: keeps ?? null, position: String(position) };
  await db(projectionTable).insert(row).onConflict('name').ignore();
};

/**
 * Compare and set; part of the transaction that does the work, so the work is done once.
 * With `redoable`, a crash of the server may undo the last moments of that transaction as a whole:
 * only for work that the log can do over without anybody noticing.
 * @throws {Overtaken}
 */
export const moveCheckpoint = async (
  tx: Knex.Transaction,
  { name, version }: { readonly name: string; readonly version: number },
  {
    from,
    to,
    redoable,
  }: { readonly from: bigint; readonly to: bigint; readonly redoable: boolean },
): Promise<void> => {
  const { rows } = await tx.raw<{ readonly rows: readonly unknown[] }>(
    `update projection
        set position = :to, status = 'RUNNING', last_error = null, updated_at = now()
       from (select case when :redoable then set_config('synchronous_commit', 'off', true) end)
         as durability
      where name = :name and version = :version and position = :from
      returning name`,
    { name, version, from: String(from), to: String(to), redoable },
  );
  if (rows.length === 0) throw new Overtaken(`${name} is no longer at ${from}`);
};

export type CheckpointMove = {
  readonly name: string;
  readonly version: number;
  readonly from: bigint;
  readonly to: bigint;
};

/**
 * The same for many that did nothing else, in one statement; a crash may undo it. Says of each
 * whether it was moved: not when it is elsewhere, nor when somebody holds it just now.
 */
export const moveCheckpoints = async (
  db: Knex,
  moves: readonly CheckpointMove[],
): Promise<readonly boolean[]> => {
  const { rows } = await db.raw<{ readonly rows: readonly { name: string; position: string }[] }>(
    `with move as (
       select * from unnest(:names::text[], :versions::int[], :froms::bigint[], :tos::bigint[])
         as move (name, version, "from", "to")
     ), free as (
       select name, "to" from projection join move using (name)
        where projection.version = move.version and position = "from"
          for update of projection skip locked
     )
     update projection
        set position = free."to", status = 'RUNNING', last_error = null, updated_at = now()
       from free, (select set_config('synchronous_commit', 'off', true)) as durability
      where projection.name = free.name
     returning projection.name, position`,
    {
      names: moves.map(({ name }) => name),
      versions: moves.map(({ version }) => version),
      froms: moves.map(({ from }) => String(from)),
      tos: moves.map(({ to }) => String(to)),
    },
  );
  const moved = new Map(rows.map(({ name, position }) => [name, BigInt(position)]));
  return moves.map(({ name, to }) => moved.get(name) === to);
};

/** Puts trouble on show. Work that is parked stays where it is until somebody sees to it. */
export const troubled = async (
  db: Knex,
  name: string,
  { error, parked }: { readonly error: string; readonly parked: boolean },
): Promise<void> => {
  await db<ProjectionRow>(projectionTable)
    .where({ name })
    .update({ last_error: error, ...(parked && { status: 'PARKED' }), updated_at: db.fn.now() });
};

/** Lets parked work go on from where it stands. */
export const unpark = async (db: Knex, name: string): Promise<void> => {
  await db<ProjectionRow>(projectionTable)
    .where({ name, status: 'PARKED' })
    .update({ status: 'RUNNING', last_error: null, updated_at: db.fn.now() });
};

/** The positions of some views, as far as they have begun at all. */
export const positionsOf = async (
  db: Knex,
  names: readonly string[],
): Promise<ReadonlyMap<string, bigint>> => {
  const rows = await db<ProjectionRow>(projectionTable)
    .whereIn('name', names)
    .select('name', 'position');
  return new Map(rows.map(({ name, position }) => [name, BigInt(position)]));
};

export const positionOf = async (db: Knex, name: string): Promise<bigint> =>
  (await positionsOf(db, [name])).get(name) ?? BEGINNING;
