import type { Knex } from 'knex';
import { documentsIn } from '#shared/conciliation/documents.ts';
import { statementSubject } from '#shared/conciliation/identity.ts';
import { seal, type PersonalKeys } from '#shared/kernel/personal.ts';
import type { StatementId } from '#shared/ids.ts';
import { NOT_MATCHED, type Sides } from './sides.ts';

const CHUNK = 2_000;
const FIELD = 'document';

/** An item that is to have a document of its own, and where that is: which one of which block. */
type Unsealed = {
  readonly line: number;
  readonly subject: string;
  readonly block: number;
  readonly nth: number;
};

const erasedAmong = async (tx: Knex, subjects: readonly string[]): Promise<Set<string>> => {
  const { rows } = await tx.raw<{ readonly rows: readonly { readonly subject_id: string }[] }>(
    `select subject_id from vault.subject_keys
      where subject_id = any(?::uuid[]) and erased_at is not null`,
    [subjects as string[]],
  );
  return new Set(rows.map(({ subject_id }) => subject_id));
};

/** The documents that no sale of ours has. */
const documentsFor = ({ items, documents }: Sides): readonly string[] => [
  `create temp table unsealed on commit drop as
   select distinct on (i.line) i.line, i.their_subject as subject, d.block, d.nth::integer
     from ${items} i
     join (select block, one.subject, one.nth
             from ${documents}, unnest(subjects) with ordinality as one (subject, nth)) d
       on d.subject = i.their_subject
    where i.theirs and i.our_subject is distinct from i.their_subject and ${NOT_MATCHED}
    order by i.line, d.block`,
  'alter table unsealed add primary key (block, line)',
];

/** Of a block, one at a time: items come in the order of the blocks. */
const documentIn = (tx: Knex, { documents }: Sides, key: Buffer, owner: string) => {
  let opened: { readonly block: number; readonly documents: readonly string[] } | undefined;
  return async ({ block, nth }: Unsealed): Promise<string> => {
    if (opened?.block !== block) {
      const { rows } = await tx.raw<{ readonly rows: readonly { readonly sealed: string }[] }>(
        `select sealed from ${documents} where block = ?`,
        [block],
      );
      opened = { block, documents: documentsIn(rows[0]?.sealed ?? '', key, owner) };
    }
    return opened.documents[nth - 1] ?? '';
  };
};

const chunksOf = async function* (tx: Knex): AsyncGenerator<readonly Unsealed[]> {
  let last: Unsealed | undefined;
  do {
    const { rows } = await tx.raw<{ readonly rows: readonly Unsealed[] }>(
      `select * from unsealed where (block, line) > (?, ?) order by block, line limit ${CHUNK}`,
      [last?.block ?? 0, last?.line ?? 0],
    );
    if (rows.length > 0) yield rows;
    last = rows.at(-1);
  } while (last);
};

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
  const documentOf = documentIn(tx, sides, own, owner);

  for await (const chunk of chunksOf(tx)) {
    const subjects = [...new Set(chunk.map(({ subject }) => subject))];
    const [known, erased] = [await keys.find(subjects), await erasedAmong(tx, subjects)];
    const changed = [];
    for (const one of chunk.filter(({ subject }) => !erased.has(subject))) {
      const key = known.get(one.subject);
      const subjectId = key ? one.subject : owner;
      const document = seal(await documentOf(one), key ?? own, { subjectId, field: FIELD });
      changed.push({ line: one.line, document, owner: subjectId });
    }
    await tx.raw(
      `update ${sides.items} i set document = c.document, sealed_for = c.owner
         from json_to_recordset(?) as c (line integer, document text, owner uuid)
        where i.line = c.line and i.their_subject is not null and ${NOT_MATCHED}`,
      [JSON.stringify(changed)],
    );
  }
};
