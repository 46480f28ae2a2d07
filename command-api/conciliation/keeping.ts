import type { Source } from '#shared/conciliation/categories.ts';
import { statementSubject } from '#shared/conciliation/identity.ts';
import type { KeptRow } from '#shared/conciliation/ports.ts';
import { perhapsAgain } from '#shared/conciliation/repeats.ts';
import type { StatementRow } from '#shared/conciliation/reading.ts';
import { saleNamed, type ReadRow } from '#shared/conciliation/rows.ts';
import type { StatementId } from '#shared/ids.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { personOf } from '#shared/kernel/person.ts';
import { seal, type KeyedHash, type PersonalKeys } from '#shared/kernel/personal.ts';

/** So many people are remembered; then all are forgotten, and worked out again when they come. */
const MOST_REMEMBERED = 100_000;

/**
 * Rows without anybody's document in clear: a keyed hash to find them by, and the document sealed
 * under a key of the statement's own, since of most we do not know yet whether we know them.
 */
export const withoutDocuments = async function* (
  batches: AsyncIterable<readonly StatementRow[]>,
  { id: statementId, source }: { readonly id: StatementId; readonly source: Source },
  { hash, keys }: { readonly hash: KeyedHash; readonly keys: PersonalKeys },
): AsyncGenerator<readonly KeptRow[]> {
  const owner = statementSubject(statementId);
  const key = (await keys.obtain([owner])).get(owner);
  if (!key) throw new TypeError('No key was obtained for a statement');
  const again = perhapsAgain();
  const isAgain = (row: ReadRow): boolean => {
    const name = saleNamed(source, row);
    return name !== undefined && again(name);
  };
  const people = new Map<Cpf, string>();

  /** The document goes with the first row of each whom we remember, and is with the others by that. */
  const first = (document: Cpf): Required<Pick<KeptRow, 'subjectId' | 'document'>> => {
    if (people.size === MOST_REMEMBERED) people.clear();
    const subjectId = personOf(hash, document);
    people.set(document, subjectId);
    return { subjectId, document: seal(document, key, { subjectId: owner, field: 'document' }) };
  };
  const kept = ({ line, row }: StatementRow): KeptRow => {
    if (typeof row === 'string') return { line, unreadable: row };
    const { id, amountInCents, at, document } = row;
    const subjectId = people.get(document);
    const known = { line, id, amountInCents, at, again: isAgain(row) };
    return subjectId === undefined ? { ...known, ...first(document) } : { ...known, subjectId };
  };

  for await (const batch of batches) yield batch.map(kept);
};
