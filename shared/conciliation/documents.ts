import { sealing, unseal } from '#shared/kernel/personal.ts';

// The documents of a statement's people, many of them in one text: one by one, sealing them would
// take longer than all else that is done with a person.

const DIGITS = 11;
const placeOf = (owner: string) => ({ subjectId: owner, field: 'documents' });

/** Documents one after the other, each in eleven digits, sealed under the key of their owner. */
export const documentsSealing = (
  key: Buffer,
  owner: string,
): ((documents: readonly string[]) => string) => {
  const seal = sealing(key, placeOf(owner));
  return (documents) => seal(documents.join(''));
};

/** As they were given to `documentsSealing`. @throws when it was sealed under another key. */
export const documentsIn = (sealed: string, key: Buffer, owner: string): readonly string[] => {
  const digits = unseal(sealed, key, placeOf(owner));
  const count = digits.length / DIGITS;
  return Array.from({ length: count }, (_, nth) => digits.slice(nth * DIGITS, (nth + 1) * DIGITS));
};
