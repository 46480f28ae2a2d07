import type { Knex } from 'knex';
import {
  REBUILD_STALE_SECONDS,
  type ProjectionKind,
  type ProjectionRow,
  type RebuildProgress,
} from './checkpoint.ts';

/** Nobody notices that something is this far behind. */
const LIVE_WITHIN_SECONDS = 5;
/** Tables up to this size are counted, larger ones estimated: a list must not take seconds. */
const MOST_COUNTED = 100_000;

export type ProjectionStatus = {
  readonly name: string;
  readonly kind: ProjectionKind;
  /** -1: nothing yet. */
  readonly position: bigint;
  readonly lag: {
    readonly positions: bigint;
    /** How long the log has been further than this; a day at most is remembered. */
    readonly seconds: number;
  };
  readonly status: 'LIVE' | 'CATCHING_UP' | 'REBUILDING' | 'PARKED';
  /** Of a view. */
  readonly rows?: number;
  readonly lastError?: string;
  readonly rebuild?: RebuildProgress;
};

type Listed = ProjectionRow & {
  readonly behind: string;
  readonly behind_seconds: number;
  readonly is_rebuilding: boolean;
};

const BEHIND_SECONDS = `
  coalesce(extract(epoch from now() - (
    select at from log_head h where h.position > p.position order by h.position limit 1
  )), 0)::float8`;

const LISTED = `
  select p.*,
         greatest(0, coalesce((select max(position) from log_head), p.position) - p.position)::text
           as behind,
         ${BEHIND_SECONDS} as behind_seconds,
         coalesce((p.rebuild->>'at')::timestamptz
           > now() - interval '${REBUILD_STALE_SECONDS} s', false) as is_rebuilding
    from projection p
   order by p.kind desc, p.name`;

const statusOf = ({ status, is_rebuilding, behind, behind_seconds }: Listed) => {
  if (is_rebuilding) return 'REBUILDING';
  if (status === 'PARKED') return 'PARKED';
  return behind === '0' || behind_seconds < LIVE_WITHIN_SECONDS ? 'LIVE' : 'CATCHING_UP';
};

const rowsIn = async (db: Knex, table: string): Promise<number | undefined> => {
  const { rows } = await db.raw<{ readonly rows: readonly { estimate: number | null }[] }>(
    `select reltuples::float8 as estimate from pg_class where oid = to_regclass(?)`,
    [`public.${table}`],
  );
  const estimate = rows[0]?.estimate;
  if (estimate === undefined || estimate === null) return undefined;
  if (estimate > MOST_COUNTED) return Math.round(estimate);
  const counted = await db.count<{ n: string }[]>('* as n').from(table);
  return Number(counted[0]?.n);
};

/** What nobody is at any more although nobody put it down was killed. */
const rebuildIn = ({ rebuild, is_rebuilding }: Listed): RebuildProgress | undefined => {
  if (!rebuild) return undefined;
  const { phase, processed, perSecond, etaSeconds, owner } = rebuild;
  const done = { phase, processed, perSecond, etaSeconds };
  if (is_rebuilding || owner === undefined) return done;
  return { ...done, phase: 'interrupted', perSecond: 0, etaSeconds: null };
};

const shown = async (db: Knex, row: Listed): Promise<ProjectionStatus> => {
  const rows = row.keeps === null ? undefined : await rowsIn(db, row.keeps);
  const rebuild = rebuildIn(row);
  const lastError = row.last_error ?? row.rebuild?.error;
  return {
    name: row.name,
    kind: row.kind,
    position: BigInt(row.position),
    lag: { positions: BigInt(row.behind), seconds: Math.round(row.behind_seconds) },
    status: statusOf(row),
    ...(rows !== undefined && { rows }),
    ...(lastError !== undefined && { lastError }),
    ...(rebuild && { rebuild }),
  };
};

type Lag = { readonly name: string; readonly seconds: number };

/** How far behind each view is, without counting its rows. */
export const lagOfViews = async (db: Knex): Promise<readonly Lag[]> => {
  const { rows } = await db.raw<{ readonly rows: readonly Lag[] }>(
    `select p.name, ${BEHIND_SECONDS} as seconds from projection p where p.kind = 'view' order by p.name`,
  );
  return rows;
};

/** How every view and every reaction stands; views first, by name. */
export const projectionStatus = async (db: Knex): Promise<readonly ProjectionStatus[]> => {
  const { rows } = await db.raw<{ readonly rows: readonly Listed[] }>(LISTED);
  return Promise.all(rows.map((row) => shown(db, row)));
};
