import { LRUCache } from 'lru-cache';
import { statementSubject } from '#shared/conciliation/identity.ts';
import type { KeptRow } from '#shared/conciliation/ports.ts';
import type { StatementRow } from '#shared/conciliation/reading.ts';
import type { StatementId } from '#shared/ids.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { personOf } from '#shared/kernel/person.ts';
import { seal, type KeyedHash, type PersonalKeys } from '#shared/kernel/personal.ts';

/** Whoever bought often is worked out once, as long as no more than so many others came between. */
const MOST_REMEMBERED = 100_000;

type Person = Required<Pick<KeptRow, 'subjectId' | 'document'>>;

/**
 * Rows without anybody's document in clear: a keyed hash to find them by, and the document sealed
 * under a key of the statement's own, since of most we do not know yet whether we know them.
 */
export const withoutDocuments = async function* (
  batches: AsyncIterable<readonly StatementRow[]>,
  statementId: StatementId,
  { hash, keys }: { readonly hash: KeyedHash; readonly keys: PersonalKeys },
): AsyncGenerator<readonly KeptRow[]> {
  const owner = statementSubject(statementId);
  const key = (await keys.obtain([owner])).get(owner);
  if (!key) throw new TypeError('No key was obtained for a statement');
  const people = new LRUCache<Cpf, Person>({ max: MOST_REMEMBERED });

  const personFor = (document: Cpf): Person => {
    const known = people.get(document);
    if (known) return known;
    const sealed = seal(document, key, { subjectId: owner, field: 'document' });
    const person = { subjectId: personOf(hash, document), document: sealed };
    people.set(document, person);
    return person;
  };
  const kept = ({ line, row }: StatementRow): KeptRow => {
    if (typeof row === 'string') return { line, unreadable: row };
    const { id, amountInCents, at, document } = row;
    const person = personFor(document);
    return { line, id, amountInCents, at, ...person };
  };

  for await (const batch of batches) yield batch.map(kept);
};
