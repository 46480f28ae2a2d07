import type { Knex } from 'knex';
import { statementSubject } from '#shared/conciliation/identity.ts';
import { seal, unseal, type PersonalKeys } from '#shared/kernel/personal.ts';
import type { StatementId } from '#shared/ids.ts';
import { NOT_MATCHED, type Sides } from './sides.ts';

const CHUNK = 2_000;
const FIELD = 'document';

type Sealed = { readonly line: number; readonly subject: string; readonly document: string };

const erasedAmong = async (tx: Knex, subjects: readonly string[]): Promise<Set<string>> => {
  const { rows } = await tx.raw<{ readonly rows: readonly { readonly subject_id: string }[] }>(
    `select subject_id from vault.subject_keys
      where subject_id = any(?::uuid[]) and erased_at is not null`,
    [subjects as string[]],
  );
  return new Set(rows.map(({ subject_id }) => subject_id));
};

/** The documents that no sale of ours has, each with the first row of whoever it is of. */
const documentsFor = ({ items, rows }: Sides): readonly string[] => [
  `create temp table unsealed on commit drop as
   select distinct on (i.line) i.line, i.their_subject as subject, r.document
     from ${items} i join ${rows} r on r.subject = i.their_subject and r.document is not null
    where i.theirs and i.our_subject is distinct from i.their_subject and ${NOT_MATCHED}
    order by i.line, r.line`,
  'alter table unsealed add primary key (line)',
];

/**
 * Documents that only the statement has are sealed under the key of whoever they are of, as far as
 * we know them: then one erasure is enough. Of whoever was erased nothing is kept.
 */
export const sealAgain = async (
  tx: Knex,
  keys: PersonalKeys,
  statementId: StatementId,
  sides: Sides,
): Promise<void> => {
  for (const step of documentsFor(sides)) await tx.raw(step);
  const owner = statementSubject(statementId);
  const own = (await keys.find([owner])).get(owner);
  if (!own) throw new Error('The key of the statement is not there any more');

  const again = ({ subject, document }: Sealed, key: Buffer) =>
    seal(unseal(document, own, { subjectId: owner, field: FIELD }), key, {
      subjectId: subject,
      field: FIELD,
    });
  const next = async (after: number): Promise<readonly Sealed[]> => {
    const { rows } = await tx.raw<{ readonly rows: readonly Sealed[] }>(
      `select line, subject, document from unsealed where line > ? order by line limit ${CHUNK}`,
      [after],
    );
    return rows;
  };

  for (let chunk = await next(0); chunk.length > 0; chunk = await next(chunk.at(-1)?.line ?? 0)) {
    const subjects = [...new Set(chunk.map(({ subject }) => subject))];
    const [known, erased] = [await keys.find(subjects), await erasedAmong(tx, subjects)];
    const changed = chunk.map((one) => {
      const { line, subject, document } = one;
      if (erased.has(subject)) return { line, document: null, owner: null };
      const key = known.get(subject);
      return key ? { line, document: again(one, key), owner: subject } : { line, document, owner };
    });
    await tx.raw(
      `update ${sides.items} i set document = c.document, sealed_for = c.owner
         from json_to_recordset(?) as c (line integer, document text, owner uuid)
        where i.line = c.line and i.their_subject is not null and ${NOT_MATCHED}`,
      [JSON.stringify(changed)],
    );
  }
};
