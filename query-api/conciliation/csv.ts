import { csvText } from '#shared/platform/csv.ts';
import type { ItemsOf } from './answering.ts';
import type { ItemAnswered } from './resolutions.ts';

export const CSV_COLUMNS = [
  ...['item', 'category', 'reason', 'line', 'their_id', 'document', 'their_amount', 'their_at'],
  ...['sale_id', 'partner_id', 'our_document', 'our_amount', 'our_day', 'our_status'],
  ...['attempts', 'stream', 'difference', 'resolution', 'resolution_status', 'resolution_reason'],
  ...['resolved_by', 'approved_by', 'resolved_at', 'change', 'earlier_item'],
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
    ...[item.change, item.earlier?.item],
  ];
};

/** A CSV of items (RFC 4180), a chunk at a time. */
export const csvOfItems = async function* (
  { all, answered }: ItemsOf,
  seesPeople: boolean,
): AsyncGenerator<string> {
  yield csvText([CSV_COLUMNS]);
  for await (const found of all()) {
    const items = await answered(found, seesPeople);
    yield csvText(items.map(fieldsOf));
  }
};
