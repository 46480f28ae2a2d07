import type { Knex } from 'knex';
import { salesTable, type SaleRow } from '#shared/sale/view.ts';

/** However few sales are asked for, an answer takes no more than about this many bytes. */
export const LARGEST_PAGE_BYTES = 8_000_000;

/** Whose sales: those that one ERP sent, or everybody's. */
export type Sight = { readonly receivedFrom: string } | 'everything';

export type SaleFilter = {
  readonly status?: SaleRow['status'];
  readonly subjectId?: string;
  /** Days in São Paulo, both included. */
  readonly from?: string;
  readonly to?: string;
};

export type SalesPage = { readonly rows: readonly SaleRow[]; readonly goesOn: boolean };

type Head = Pick<SaleRow, 'sale_id' | 'weight'>;

const headsOf = (
  db: Knex,
  sight: Sight,
  { status, subjectId, from, to }: SaleFilter,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<readonly Head[]> => {
  const heads = db<SaleRow>(salesTable).select('sale_id', 'weight');
  if (sight !== 'everything') void heads.where({ received_from: sight.receivedFrom });
  if (status !== undefined) void heads.where({ status });
  if (subjectId !== undefined) void heads.where({ subject_id: subjectId });
  if (from !== undefined) void heads.where('sold_on', '>=', from);
  if (to !== undefined) void heads.where('sold_on', '<=', to);
  if (before !== undefined) void heads.where('position', '<', before);
  return heads.orderBy('position', 'desc').limit(limit);
};

/** As many as fit, and one in any case: a single sale is shown whatever it weighs. */
const thatFit = (heads: readonly Head[], largest: number): readonly Head[] => {
  let bytes = 0;
  return heads.filter(({ weight }, nth) => (bytes += weight) <= largest || nth === 0);
};

/** Newest first, `limit` at most, fewer where they are large. */
export const salesSeenBy = async (
  db: Knex,
  sight: Sight,
  filter: SaleFilter,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
  largest = LARGEST_PAGE_BYTES,
): Promise<SalesPage> => {
  const heads = await headsOf(db, sight, filter, { limit: limit + 1, before });
  const shown = thatFit(heads.slice(0, limit), largest);
  const ids = shown.map(({ sale_id }) => sale_id);
  const rows = await db<SaleRow>(salesTable).whereIn('sale_id', ids).orderBy('position', 'desc');
  return { rows, goesOn: heads.length > shown.length };
};

export const saleById = (db: Knex, id: string): Promise<SaleRow | undefined> =>
  db<SaleRow>(salesTable).where({ sale_id: id }).first();

export const isSeenBy = (sight: Sight, row: Pick<SaleRow, 'received_from'>): boolean =>
  sight === 'everything' || row.received_from === sight.receivedFrom;
