import type { Knex } from 'knex';
import type { Source } from '#shared/conciliation/categories.ts';
import type { Matched } from '#shared/conciliation/commands.ts';
import type { Matching, Wanted } from '#shared/conciliation/matching.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { cashbackApiSteps } from './cashback-api.ts';
import { erpSteps } from './erp.ts';
import { sealAgain } from './sealing.ts';
import { statementTable } from './schema.ts';
import { sidesOf, type Sides } from './sides.ts';
import { sumsOf } from './sums.ts';

/** For sorts and hashes; a statement of a million rows fits in a few times this. */
const MEMORY = '96MB';

export type Steps = Readonly<Record<Source, (sides: Sides) => readonly string[]>>;

export const STEPS: Steps = { 'cashback-api': cashbackApiSteps, erp: erpSteps };

export type MatchingOptions = {
  readonly keys: PersonalKeys;
  /** The view that keeps how our sales stood: its table, and its name on the list. */
  readonly sales: { readonly table: string; readonly view: string };
  readonly steps?: Steps;
};

const isGone = async (tx: Knex, { rows }: Sides): Promise<boolean> => {
  const { rows: found } = await tx.raw<{ readonly rows: readonly { readonly at: unknown }[] }>(
    'select to_regclass(?) as at',
    [rows],
  );
  return found[0]?.at === null;
};

/**
 * Matching as sets, in one transaction: whoever is killed leaves nothing, and whoever runs it again
 * comes to the same.
 */
export const matchingIn = (db: Knex, { keys, sales, steps = STEPS }: MatchingOptions): Matching => {
  const matched = async (tx: Knex, wanted: Wanted, signal: AbortSignal): Promise<Matched> => {
    const sides = sidesOf(wanted, sales.table);
    const { source, from, to, position } = wanted;
    const bound = { from, to, position };
    // Whoever is erased from now on is looked for in the items once they are there.
    await tx.raw(`select 1 from ${statementTable} where id = ? for update`, [wanted.statementId]);
    if (await isGone(tx, sides)) throw new Error('The statement is not there any more');
    await tx.raw(`set local work_mem = '${MEMORY}'; set local statement_timeout = 0`);
    await tx.raw(`drop table if exists ${sides.items}; analyze ${sides.rows}`);
    for (const step of steps[source](sides)) {
      signal.throwIfAborted();
      await tx.raw(step, bound);
    }
    const sums = await sumsOf(tx, source, sides, bound);
    await sealAgain(tx, keys, wanted.statementId, sides);
    await tx.raw(
      `create index on ${sides.items} (category, line, position) where category <> 'MATCHED';
       create index on ${sides.items} (their_subject) where document is not null`,
    );
    return sums;
  };

  return {
    hasReached: async (position) => (await positionOf(db, sales.view)) >= position,
    match: (wanted, signal) => db.transaction((tx) => matched(tx, wanted, signal)),
    finish: async (statementId) => {
      const { rows } = sidesOf({ statementId } as Wanted, sales.table);
      await db.transaction(async (tx) => {
        await tx.raw(`drop table if exists ${rows}`);
        await tx.raw(`update ${statementTable} set finished_at = now() where id = ?`, [
          statementId,
        ]);
      });
    },
  };
};
