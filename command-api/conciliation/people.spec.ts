import { expect } from 'chai';
import { documentsIn } from '#shared/conciliation/documents.ts';
import { statementSubject } from '#shared/conciliation/identity.ts';
import { LENGTH_OF_SUBJECT } from '#shared/conciliation/ports.ts';
import type { StatementId } from '#shared/ids.ts';
import { cpfNumberAt } from '#shared/kernel/cpf.ts';
import { personOf } from '#shared/kernel/person.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { someCpfs } from '../../test/support/some-cpfs.ts';
import { peopleOf, type People } from './people.ts';

const statementId = '5d0b2a52-3c5e-5a0e-9d0a-0000000000b1' as StatementId;
const [hash, key] = [keyedHash(Buffer.alloc(32, 3)), Buffer.alloc(32, 4)];
const cpfs = someCpfs(2_500);
const numbers = cpfs.map((cpf) => cpfNumberAt(Buffer.from(cpf), 0) ?? 0);
const subjects = cpfs.map((cpf) => personOf(hash, cpf));

const idsAt = (people: People, places: readonly number[]) => {
  const bytes = Buffer.from(people.subjectIds());
  return places.map((place) =>
    bytes.toString('hex', place * LENGTH_OF_SUBJECT, (place + 1) * LENGTH_OF_SUBJECT),
  );
};
const hexOf = (ids: readonly string[]) => ids.map((id) => id.replaceAll('-', ''));

describe('The people of a statement', () => {
  it('are the same ones each time, as bytes and as text', () => {
    const people = peopleOf({ statementId, hash, key });
    people.expect(2 * numbers.length);
    const places = numbers.map(people.placeOf);
    expect(numbers.map(people.placeOf)).to.deep.equal(places);
    expect(places.map(people.subjectIdAt)).to.deep.equal(subjects);
    expect(idsAt(people, places)).to.deep.equal(hexOf(subjects));
  });

  it('have their documents sealed once, many together, the last of them at the end', () => {
    const people = peopleOf({ statementId, hash, key });
    const blocks = [];
    for (let from = 0; from < numbers.length; from += 600) {
      const some = numbers.slice(from, from + 600);
      people.expect(some.length);
      for (const number of [...some, ...some]) people.placeOf(number);
      blocks.push(...people.documents(false));
    }
    blocks.push(...people.documents(true), ...people.documents(true));
    expect(blocks.map(({ subjectIds }) => subjectIds.length)).to.deep.equal([1_200, 1_200, 100]);
    const owner = statementSubject(statementId);
    expect(blocks.flatMap(({ sealed }) => documentsIn(sealed, key, owner))).to.deep.equal(cpfs);
    expect(blocks.flatMap(({ subjectIds }) => subjectIds)).to.deep.equal(subjects);
  });

  it('are forgotten when they are too many, and are who they were when they come again', () => {
    const people = peopleOf({ statementId, hash, key }, { mostRemembered: 100 });
    const seen: { readonly ids: Uint8Array; readonly places: readonly number[]; nth: number }[] =
      [];
    for (let nth = 0; nth < 20; nth++) {
      const some = numbers.slice((nth % 5) * 60, (nth % 5) * 60 + 60);
      people.expect(some.length);
      seen.push({ places: some.map(people.placeOf), ids: people.subjectIds(), nth });
    }
    for (const { ids, places, nth } of seen) {
      const from = (nth % 5) * 60;
      const known = idsAt({ ...people, subjectIds: () => ids }, places);
      expect(known).to.deep.equal(hexOf(subjects.slice(from, from + 60)));
    }
    expect(people.subjectIds().length).to.be.at.most(300 * LENGTH_OF_SUBJECT);
  });
});
