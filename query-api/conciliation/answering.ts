import type { Knex } from 'knex';
import type { ConciliationRow } from '#shared/conciliation/view.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { asCleared, conciliationBefore, withChanges } from './changes.ts';
import { allItems, itemsAfter, type ItemFound, type ItemPlace, type ItemsWanted } from './items.ts';
import { withResolutions, type ItemAnswered } from './resolutions.ts';
import { showItems } from './showing.ts';

export type ItemsOf = {
  /** A page of them. */
  readonly page: (limit: number, after: ItemPlace | undefined) => Promise<readonly ItemFound[]>;
  /** All of them, a chunk at a time. */
  readonly all: () => AsyncIterable<readonly ItemFound[]>;
  /** As they are answered: opened, with what changed and with what was done about them. */
  readonly answered: (
    found: readonly ItemFound[],
    seesPeople: boolean,
  ) => Promise<readonly ItemAnswered[]>;
};

/** There is nothing to show of what has not come to a report, or not to a second one. */
const NONE: ItemsOf = {
  page: () => Promise.resolve([]),
  all: async function* () {
    await Promise.resolve();
    yield* [];
  },
  answered: () => Promise.resolve([]),
};

/**
 * The items of a report that are wanted. What is cleared is no row of either side any more: it is
 * shown as the report before has it, and only to those who ask for it.
 */
export const itemsOf = async (
  db: Knex,
  keys: PersonalKeys,
  row: ConciliationRow,
  wanted: ItemsWanted,
): Promise<ItemsOf> => {
  const before = wanted.change && (await conciliationBefore(db, row));
  if (row.status !== 'COMPLETED' || (wanted.change && !before)) return NONE;
  const earlier = wanted.change === 'CLEARED' ? before : undefined;
  const asked = { ...wanted, before: earlier };
  return {
    page: (limit, after) => itemsAfter(db, row, { ...asked, limit, after }),
    all: () => allItems(db, row, asked),
    answered: async (found, seesPeople) => {
      const items = await showItems(keys, found, seesPeople);
      if (earlier) return withResolutions(db, earlier, asCleared(earlier, items));
      return withResolutions(db, row, await withChanges(db, row, found, items));
    },
  };
};
