import type { Source } from '#shared/conciliation/categories.ts';
import type { KeptPlainRows, KeptRow, KeptRows, PlainRows } from '#shared/conciliation/ports.ts';
import type { StatementBatch, StatementRow } from '#shared/conciliation/reading.ts';
import { perhapsAgain } from '#shared/conciliation/repeats.ts';
import { saleNamed } from '#shared/conciliation/rows.ts';
import { cpfNumberAt } from '#shared/kernel/cpf.ts';
import { peopleOf, type People, type Secrets } from './people.ts';

type Again = ReturnType<typeof perhapsAgain>;

const keptPlain = (
  { document: numbers, ...rows }: PlainRows,
  { placeOf, subjectIds }: People,
  again: Again,
): KeptPlainRows => {
  const { count, bytes, idFrom, idTo } = rows;
  const person = new Int32Array(count);
  const repeats = new Uint8Array(count);
  for (let nth = 0; nth < count; nth++) {
    person[nth] = placeOf(numbers[nth] ?? 0);
    const from = idFrom[nth] ?? 0;
    const to = idTo[nth] ?? 0;
    if (from !== to && again(bytes, from, to)) repeats[nth] = 1;
  }
  return { ...rows, person, subjectIds: subjectIds(), again: repeats };
};

const keptOf =
  (source: Source, { placeOf, subjectIdAt }: People, again: Again) =>
  ({ line, row }: StatementRow): KeptRow => {
    if (typeof row === 'string') return { line, unreadable: row };
    const { id, amountInCents, at } = row;
    const subjectId = subjectIdAt(placeOf(cpfNumberAt(Buffer.from(row.document), 0) ?? 0));
    const name = saleNamed(source, row);
    return {
      line,
      id,
      amountInCents,
      at,
      subjectId,
      again: name !== undefined && again(Buffer.from(name)),
    };
  };

const rowsIn = ({ rows, plain }: StatementBatch): number =>
  plain.reduce((sum, { count }) => sum + count, rows.length);

/**
 * Rows without anybody's document in clear: a keyed hash to find them by, and beside the rows the
 * documents, sealed under a key of the statement's own, since of most we do not know yet whether we
 * know them.
 */
export const withoutDocuments = async function* (
  batches: AsyncIterable<StatementBatch>,
  source: Source,
  secrets: Secrets,
): AsyncGenerator<KeptRows> {
  const people = peopleOf(secrets);
  const again = perhapsAgain();
  const kept = keptOf(source, people, again);

  for await (const batch of batches) {
    people.expect(rowsIn(batch));
    const rows = batch.rows.map(kept);
    const plain = batch.plain.map((some) => keptPlain(some, people, again));
    yield { rows, plain, documents: people.documents(false) };
  }
  yield { rows: [], plain: [], documents: people.documents(true) };
};
