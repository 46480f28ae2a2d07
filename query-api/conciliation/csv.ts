import type { Knex } from 'knex';
import Papa from 'papaparse';
import type { ConciliationRow } from '#shared/conciliation/view.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import type { ItemFound } from './queries.ts';
import { withResolutions, type ItemAnswered } from './resolutions.ts';
import { showItems } from './showing.ts';

export const CSV_COLUMNS = [
  ...['item', 'category', 'reason', 'line', 'their_id', 'document', 'their_amount', 'their_at'],
  ...['sale_id', 'partner_id', 'our_document', 'our_amount', 'our_day', 'our_status'],
  ...['attempts', 'stream', 'difference', 'resolution', 'resolution_status', 'resolution_reason'],
  ...['resolved_by', 'approved_by', 'resolved_at'],
];

const NONE = {} as const;

const resolutionIn = ({ resolution }: ItemAnswered) => {
  const done: Partial<NonNullable<typeof resolution>> = resolution ?? NONE;
  return [
    ...[done.resolution, done.status, done.reason],
    ...[done.resolvedBy, done.approvedBy, done.at],
  ];
};

const fieldsOf = (item: ItemAnswered) => {
  const our: Partial<NonNullable<typeof item.ours>> = item.ours ?? NONE;
  const their: Partial<NonNullable<typeof item.theirs>> = item.theirs ?? NONE;
  return [
    ...[item.id, item.category, item.reason, their.line, their.id, item.document],
    ...[their.amount, their.at, our.saleId, our.partnerId, our.document, our.amount],
    ...[our.day, our.status, our.attempts, our.stream, item.difference],
    ...resolutionIn(item),
  ];
};

const textOf = (rows: readonly (readonly unknown[])[]): string =>
  // What others wrote must not be carried out by whoever opens it in a spreadsheet.
  `${Papa.unparse(rows as unknown[][], { newline: '\r\n', escapeFormulae: /^[=+@\t\r]/ })}\r\n`;

/** A CSV of items (RFC 4180), a chunk at a time. */
export const csvOfItems = async function* (
  { db, keys }: { readonly db: Knex; readonly keys: PersonalKeys },
  row: ConciliationRow,
  chunks: AsyncIterable<readonly ItemFound[]>,
  seesPeople: boolean,
): AsyncGenerator<string> {
  yield textOf([CSV_COLUMNS]);
  for await (const found of chunks) {
    const items = await withResolutions(db, row, await showItems(keys, found, seesPeople));
    yield textOf(items.map(fieldsOf));
  }
};
