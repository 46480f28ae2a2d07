import type { Source } from '#shared/conciliation/categories.ts';
import { statementSubject } from '#shared/conciliation/identity.ts';
import type { KeptPlainRows, KeptRow, KeptRows, PlainRows } from '#shared/conciliation/ports.ts';
import type { StatementBatch, StatementRow } from '#shared/conciliation/reading.ts';
import { perhapsAgain } from '#shared/conciliation/repeats.ts';
import { saleNamed } from '#shared/conciliation/rows.ts';
import type { StatementId } from '#shared/ids.ts';
import { cpfOfNumber } from '#shared/kernel/cpf.ts';
import { personOf } from '#shared/kernel/person.ts';
import { sealing, type KeyedHash, type PersonalKeys } from '#shared/kernel/personal.ts';

/** So many people are remembered; then all are forgotten, and worked out again when they come. */
const MOST_REMEMBERED = 100_000;

type Person = { readonly subjectId: string; readonly document?: string };

/** Who has the CPF of a number; with the document sealed only where it is the first of theirs. */
const peopleOf = (owner: string, key: Buffer, hash: KeyedHash) => {
  const known = new Map<number, string>();
  const sealed = sealing(key, { subjectId: owner, field: 'document' });

  return (number: number): Person => {
    const before = known.get(number);
    if (before !== undefined) return { subjectId: before };
    if (known.size === MOST_REMEMBERED) known.clear();
    const document = cpfOfNumber(number);
    const subjectId = personOf(hash, document);
    known.set(number, subjectId);
    return { subjectId, document: sealed(document) };
  };
};
type People = ReturnType<typeof peopleOf>;
type Again = ReturnType<typeof perhapsAgain>;

const keptPlain = (
  { document: numbers, ...rows }: PlainRows,
  people: People,
  again: Again,
): KeptPlainRows => {
  const { count, text, idFrom, idTo } = rows;
  const subjectIds: string[] = [];
  const documents: (string | undefined)[] = [];
  const repeats: boolean[] = [];
  for (let nth = 0; nth < count; nth++) {
    const { subjectId, document } = people(numbers[nth] ?? 0);
    subjectIds.push(subjectId);
    documents.push(document);
    const [from = 0, to = 0] = [idFrom[nth], idTo[nth]];
    repeats.push(from !== to && again(text, from, to));
  }
  return { ...rows, subjectIds, documents, again: repeats };
};

const keptOf =
  (source: Source, people: People, again: Again) =>
  ({ line, row }: StatementRow): KeptRow => {
    if (typeof row === 'string') return { line, unreadable: row };
    const { id, amountInCents, at } = row;
    const person = people(Number(row.document));
    const name = saleNamed(source, row);
    return { line, id, amountInCents, at, ...person, again: name !== undefined && again(name) };
  };

/**
 * Rows without anybody's document in clear: a keyed hash to find them by, and the document sealed
 * under a key of the statement's own, since of most we do not know yet whether we know them. It
 * goes with the first row of each whom we remember, and is with their others by that hash.
 */
export const withoutDocuments = async function* (
  batches: AsyncIterable<StatementBatch>,
  { id: statementId, source }: { readonly id: StatementId; readonly source: Source },
  { hash, keys }: { readonly hash: KeyedHash; readonly keys: PersonalKeys },
): AsyncGenerator<KeptRows> {
  const owner = statementSubject(statementId);
  const key = (await keys.obtain([owner])).get(owner);
  if (!key) throw new TypeError('No key was obtained for a statement');
  const people = peopleOf(owner, key, hash);
  const again = perhapsAgain();
  const kept = keptOf(source, people, again);

  for await (const { rows, plain } of batches)
    yield { rows: rows.map(kept), plain: plain.map((some) => keptPlain(some, people, again)) };
};
