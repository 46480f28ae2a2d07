import Papa from 'papaparse';
import { NO_LINE } from '#shared/conciliation/tables.ts';
import { reasonInWords } from '#shared/conciliation/words.ts';
import { maskedCpf } from '#shared/kernel/cpf.ts';
import { amountText } from '#shared/kernel/money.ts';
import { unseal, type PersonalKeys } from '#shared/kernel/personal.ts';
import type { ItemFound } from './queries.ts';

const FIELD = 'document';

/** As it is called in paths: its line in the statement, and where in the log our sale is. */
export const itemId = ({ line, position }: Pick<ItemFound, 'line' | 'position'>): string =>
  `${line === NO_LINE ? 0 : line}-${position}`;

const orNull = (inCents: string | null): string | null =>
  inCents === null ? null : amountText(Number(inCents));

type Documents = { readonly ours: string | null; readonly theirs: string | null };

const oursOf = (item: ItemFound, { ours: document }: Documents) =>
  item.sale_id === null
    ? null
    : {
        ...{ saleId: item.sale_id, partnerId: item.our_id, document },
        ...{ amount: orNull(item.our_amount), day: item.our_day, status: item.our_status },
        ...{ attempts: item.attempts, stream: `sale-${item.sale_id}` },
      };

const theirsOf = (item: ItemFound, { theirs: document }: Documents) =>
  item.theirs
    ? {
        ...{ line: item.line, id: item.their_id, document },
        ...{ amount: orNull(item.their_amount), at: item.their_at },
      }
    : null;

const shown = (item: ItemFound, documents: Documents) => {
  const theirs = item.theirs ? Number(item.their_amount ?? 0) : 0;
  const ours = item.ours ? Number(item.our_amount ?? 0) : 0;
  return {
    id: itemId(item),
    category: item.category,
    reason: reasonInWords(item.category, item.reason),
    document: documents.theirs ?? documents.ours,
    ours: oursOf(item, documents),
    theirs: theirsOf(item, documents),
    difference: amountText(theirs - ours),
  };
};
export type ItemShown = ReturnType<typeof shown>;

/** Items with documents in clear, or masked; `null` where the person was erased. */
export const showItems = async (
  keys: PersonalKeys,
  items: readonly ItemFound[],
  seesPeople: boolean,
): Promise<readonly ItemShown[]> => {
  const subjects = items.flatMap(({ sealed_for, our_subject, our_document }) => [
    ...(sealed_for === null ? [] : [sealed_for]),
    ...(our_subject === null || our_document === null ? [] : [our_subject]),
  ]);
  const found = await keys.find([...new Set(subjects)]);
  const open = (sealed: string | null, subjectId: string | null): string | null => {
    const key = subjectId === null ? undefined : found.get(subjectId);
    if (sealed === null || subjectId === null || !key) return null;
    const document = unseal(sealed, key, { subjectId, field: FIELD });
    return seesPeople ? document : maskedCpf(document);
  };

  return items.map((item) => {
    const ours = open(item.our_document, item.our_subject);
    const own = open(item.document, item.sealed_for);
    // Their copy is kept only where our sale is of somebody else, or is not there.
    const isSame = item.our_subject !== null && item.our_subject === item.their_subject;
    return shown(item, { ours, theirs: isSame ? ours : own });
  });
};

export const CSV_COLUMNS = [
  ...['item', 'category', 'reason', 'line', 'their_id', 'document', 'their_amount', 'their_at'],
  ...['sale_id', 'partner_id', 'our_document', 'our_amount', 'our_day', 'our_status'],
  ...['attempts', 'stream', 'difference'],
];

const NONE = {} as const;

const fieldsOf = ({ ours, theirs, ...item }: ItemShown) => {
  const our: Partial<NonNullable<typeof ours>> = ours ?? NONE;
  const their: Partial<NonNullable<typeof theirs>> = theirs ?? NONE;
  return [
    ...[item.id, item.category, item.reason, their.line, their.id, item.document],
    ...[their.amount, their.at, our.saleId, our.partnerId, our.document, our.amount],
    ...[our.day, our.status, our.attempts, our.stream, item.difference],
  ];
};

const textOf = (rows: readonly (readonly unknown[])[]): string =>
  // What others wrote must not be carried out by whoever opens it in a spreadsheet.
  `${Papa.unparse(rows as unknown[][], { newline: '\r\n', escapeFormulae: /^[=+@\t\r]/ })}\r\n`;

/** A CSV of all items (RFC 4180), a chunk at a time. */
export const csvOfItems = async function* (
  keys: PersonalKeys,
  chunks: AsyncIterable<readonly ItemFound[]>,
  seesPeople: boolean,
): AsyncGenerator<string> {
  yield textOf([CSV_COLUMNS]);
  for await (const items of chunks) {
    const shownItems = await showItems(keys, items, seesPeople);
    yield textOf(shownItems.map(fieldsOf));
  }
};
