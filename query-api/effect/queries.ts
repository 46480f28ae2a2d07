import type { Knex } from 'knex';
import { intentTable, type IntentRow, type IntentStatus } from '#shared/effect/intent.ts';

export type Place = {
  /** In microseconds, as Postgres keeps it: as a Date it would be cut off. */
  readonly createdAt: string;
  readonly id: string;
};

/** A row, and where it stands in the list. */
export type ListedEffect = IntentRow & { readonly place: string };

/** Newest first, `limit` at most, from after a place. */
export const effectsAfter = async (
  db: Knex,
  {
    status,
    after,
    limit,
  }: {
    readonly status?: IntentStatus | undefined;
    readonly after?: Place | undefined;
    readonly limit: number;
  },
): Promise<ListedEffect[]> => {
  const rows = db<IntentRow>(intentTable).select('*', db.raw('created_at::text as place'));
  if (status !== undefined) void rows.where({ status });
  if (after !== undefined)
    void rows.whereRaw('(created_at, id) < (?::timestamptz, ?::uuid)', [after.createdAt, after.id]);
  const found: unknown = await rows
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit);
  return found as ListedEffect[];
};

/** How many effects of each kind there are, by where they stand. */
export const effectCounts = async (
  db: Knex,
): Promise<
  readonly { readonly kind: string; readonly status: IntentStatus; readonly count: number }[]
> => {
  const rows = await db<IntentRow>(intentTable)
    .groupBy('kind', 'status')
    .orderBy(['kind', 'status'])
    .select('kind', 'status', db.raw('count(*)::int as count'));
  return rows as unknown as { kind: string; status: IntentStatus; count: number }[];
};
