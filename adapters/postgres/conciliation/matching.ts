import type { Knex } from 'knex';
import type { Source } from '#shared/conciliation/categories.ts';
import type { Matched } from '#shared/conciliation/commands.ts';
import type { Matching, Wanted } from '#shared/conciliation/matching.ts';
import type { StatementId } from '#shared/ids.ts';
import { itemsTable, rowsTable } from '#shared/conciliation/tables.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { cashbackApi } from './cashback-api.ts';
import { changesSince, holdOf } from './changes.ts';
import { erp } from './erp.ts';
import { pairedOff, type Matcher } from './matcher.ts';
import { sealAgain } from './sealing.ts';
import { statementTable } from './schema.ts';
import { sidesOf, type Sides } from './sides.ts';
import { categorised } from './sums.ts';

/** For sorts and hashes; a statement of a million rows fits in a few times this. */
const MEMORY = '96MB';

/**
 * What is large is shared with one more process: what comes of it is written by one alone, whom
 * others would only keep waiting. How few are not matched is all that statistics have to tell.
 */
const SETTINGS = `
  set local work_mem = '${MEMORY}'; set local maintenance_work_mem = '${MEMORY}';
  set local parallel_setup_cost = 100; set local parallel_tuple_cost = 0.001;
  set local max_parallel_workers_per_gather = 1; set local jit = off;
  set local random_page_cost = 1.1; set local default_statistics_target = 10;
  set local statement_timeout = 0`;

export type Matchers = Readonly<Record<Source, Matcher>>;

export const MATCHERS: Matchers = { 'cashback-api': cashbackApi, erp };

export type MatchingOptions = {
  readonly keys: PersonalKeys;
  /** The view that keeps how our sales stood: its table, and its name on the list. */
  readonly sales: { readonly table: string; readonly view: string };
  readonly matchers?: Matchers;
};

const isGone = async (tx: Knex, { rows }: Sides): Promise<boolean> => {
  const { rows: found } = await tx.raw<{ readonly rows: readonly { readonly at: unknown }[] }>(
    'select to_regclass(?) as at',
    [rows],
  );
  return found[0]?.at === null;
};

/** For whoever looks through what was found; nobody has to wait for them to see the report. */
const indexesOf = (statementId: StatementId, { items, rows }: Sides): readonly string[] => {
  const name = itemsTable(statementId);
  return [
    `create unique index if not exists ${rowsTable(statementId)}_line on ${rows} (line)`,
    `create unique index if not exists ${name}_place on ${items} (line, position)`,
    `create index if not exists ${name}_category on ${items} (category, line, position)
      where category <> 'MATCHED'`,
    `create index if not exists ${name}_person on ${items} (their_subject)
      where document is not null`,
  ];
};

/**
 * Matching as sets, in one transaction: whoever is killed leaves nothing, and whoever runs it again
 * comes to the same.
 */
export const matchingIn = (
  db: Knex,
  { keys, sales, matchers = MATCHERS }: MatchingOptions,
): Matching => {
  const matched = async (tx: Knex, wanted: Wanted, signal: AbortSignal): Promise<Matched> => {
    const sides = sidesOf(wanted, sales.table);
    const { source, from, to, position } = wanted;
    const bound = { from, to, position };
    await holdOf(tx, wanted);
    if (await isGone(tx, sides)) throw new Error('The statement is not there any more');
    await tx.raw(SETTINGS);
    await tx.raw(`analyze ${sides.rows} (id, subject)`);
    const matcher = matchers[source];
    const read = await pairedOff(tx, matcher, sides, bound);
    for (const step of matcher.steps(sides)) {
      signal.throwIfAborted();
      await tx.raw(step, bound);
    }
    const sums = { ...read, ...(await categorised(tx, source, sides, read.pairs)) };
    await sealAgain(tx, keys, wanted.statementId, sides);
    const changes = await changesSince(tx, wanted);
    return { ...sums, ...(changes && { changes }) };
  };

  return {
    hasReached: async (position) => (await positionOf(db, sales.view)) >= position,
    match: (wanted, signal) => db.transaction((tx) => matched(tx, wanted, signal)),
    finish: async (statementId) => {
      const sides = sidesOf({ statementId } as Wanted, sales.table);
      await db.transaction(async (tx) => {
        await tx.raw(`drop table if exists ${sides.documents}`);
        await tx.raw(`update ${statementTable} set finished_at = now() where id = ?`, [
          statementId,
        ]);
      });
      for (const index of indexesOf(statementId, sides)) await db.raw(index);
    },
  };
};
