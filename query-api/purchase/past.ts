import type { Knex } from 'knex';
import { resellerMonthFold } from '#shared/cashback-month/fold.ts';
import type { AsOf, Moment, StoodAt } from '#shared/kernel/fold.ts';
import { purchaseFold } from '#shared/purchase/fold.ts';
import type { PurchaseRow } from '#shared/purchase/view.ts';
import { everCountedIn, isSeenBy, type PurchaseShown, type Sight } from './queries.ts';

/** How many streams are read for the sake of one percentage; more are a second's work and more. */
export const MOST_PURCHASES = 2_000;

type Deps = { readonly db: Knex; readonly past: StoodAt };

/**
 * What a month came to. The view says which purchases may have counted in it, and nothing else: how
 * they stood is in their streams.
 */
const monthThen = async ({ db, past }: Deps, row: PurchaseRow, moment: Moment) => {
  const purchases = await everCountedIn(db, row, MOST_PURCHASES);
  if (purchases === 'too-many') return purchases;
  const month = { resellerId: row.reseller_id, month: row.month };
  const ids = new Set([row.purchase_id, ...purchases]);
  return past(resellerMonthFold(month, [...ids]), row.reseller_id, moment);
};

/** A purchase as it stood, with the percentage that its month came to then. */
export const purchaseThen =
  (deps: Deps, sight: Sight, id: string) =>
  async (moment: Moment): Promise<AsOf<PurchaseShown> | 'too-many' | undefined> => {
    const own = await deps.past(purchaseFold, id, moment);
    if (!own || !isSeenBy(sight, own.row)) return undefined;
    const month = await monthThen(deps, own.row, moment);
    if (!month || month === 'too-many') return month;
    // The percentage changes with any purchase of the month.
    const { position, at } = month.position > own.position ? month : own;
    return { row: { ...own.row, percent: month.row.percent }, position, at };
  };
