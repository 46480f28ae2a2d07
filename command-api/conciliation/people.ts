import { documentsSealing } from '#shared/conciliation/documents.ts';
import { statementSubject } from '#shared/conciliation/identity.ts';
import { LENGTH_OF_SUBJECT, type SealedDocuments } from '#shared/conciliation/ports.ts';
import type { StatementId } from '#shared/ids.ts';
import { cpfOfNumber, type Cpf } from '#shared/kernel/cpf.ts';
import { personOf } from '#shared/kernel/person.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';

/** So many people are remembered; then all are forgotten, and worked out again when they come. */
const MOST_REMEMBERED = 100_000;
/** So many documents are sealed together, or a few more. */
const SEALED_AT_ONCE = 1_000;

export type Secrets = {
  readonly statementId: StatementId;
  readonly hash: KeyedHash;
  /** The statement's own, under which documents are sealed. */
  readonly key: Buffer;
};

/** The people of a statement, by the numbers of their CPFs. */
export type People = {
  /** Before so many rows are looked at: whoever is in them is remembered until this is called again. */
  readonly expect: (rows: number) => void;
  /** Which of those remembered has the CPF of a number. */
  readonly placeOf: (number: number) => number;
  /** Of those remembered, one after the other. */
  readonly subjectIds: () => Uint8Array;
  readonly subjectIdAt: (place: number) => string;
  /** Of those who were new; `areAll` when no more will come. */
  readonly documents: (areAll: boolean) => readonly SealedDocuments[];
};

/** Documents wait for others, to be sealed with them. */
const sealingTogether = (seal: ReturnType<typeof documentsSealing>) => {
  let subjectIds: string[] = [];
  let documents: Cpf[] = [];
  return {
    add: (subjectId: string, document: Cpf): void => {
      subjectIds.push(subjectId);
      documents.push(document);
    },
    take: (areAll: boolean): readonly SealedDocuments[] => {
      if (subjectIds.length < (areAll ? 1 : SEALED_AT_ONCE)) return [];
      const taken = { subjectIds, sealed: seal(documents) };
      [subjectIds, documents] = [[], []];
      return [taken];
    },
  };
};

/** In memory that threads may share: it comes along with all rows, and is not to be copied each time. */
const roomFor = (people: number) => Buffer.from(new SharedArrayBuffer(people * LENGTH_OF_SUBJECT));

export const peopleOf = (
  { statementId, hash, key }: Secrets,
  { mostRemembered = MOST_REMEMBERED } = {},
): People => {
  const waiting = sealingTogether(documentsSealing(key, statementSubject(statementId)));
  const places = new Map<number, number>();
  let subjectIds = roomFor(0);
  let texts: string[] = [];

  const remembered = (number: number): number => {
    const place = places.size;
    const document = cpfOfNumber(number);
    const subjectId = personOf(hash, document);
    subjectIds.write(subjectId.replaceAll('-', ''), place * LENGTH_OF_SUBJECT, 'hex');
    texts.push(subjectId);
    places.set(number, place);
    waiting.add(subjectId, document);
    return place;
  };
  return {
    expect: (rows) => {
      if (places.size > mostRemembered) {
        places.clear();
        [subjectIds, texts] = [roomFor(0), []];
      }
      if ((places.size + rows) * LENGTH_OF_SUBJECT <= subjectIds.length) return;
      const larger = roomFor(Math.max(mostRemembered, places.size) + rows);
      subjectIds.copy(larger);
      subjectIds = larger;
    },
    placeOf: (number) => places.get(number) ?? remembered(number),
    subjectIds: () => subjectIds,
    subjectIdAt: (place) => texts[place] ?? '',
    documents: waiting.take,
  };
};
