import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { SEALED, unseal, type PersonalKeys } from '#shared/kernel/personal.ts';
import { onTheSystem } from '../../cli/system.ts';
import type { ASystem } from './a-system.ts';
import { theLog, type RawEvent } from './the-log.ts';

const sealed = new RegExp(SEALED);

/** Every table of every schema, the queue's and the vault's too, row by row. */
const tablesOf = async (db: Knex): Promise<readonly string[]> => {
  const { rows: tables } = await db.raw<{ rows: { schema: string; name: string }[] }>(
    `select table_schema as schema, table_name as name from information_schema.tables
      where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const all = tables.map(async ({ schema, name }) => {
    const { rows } = await db.raw<{ rows: { row: string }[] }>(
      'select row_to_json(kept)::text as row from ??.?? as kept',
      [schema, name],
    );
    return rows.map(({ row }) => `${schema}.${name} ${row}`);
  });
  return (await Promise.all(all)).flat();
};

/** What somebody with all our keys could still read in the log. */
const openedIn = async (events: readonly RawEvent[], keys: PersonalKeys) => {
  const subjectOf = ({ data: { subjectId } }: RawEvent) =>
    typeof subjectId === 'string' ? subjectId : '';
  const found = await keys.find([...new Set(events.map(subjectOf).filter((id) => id !== ''))]);
  return events.flatMap((event) => {
    const subjectId = subjectOf(event);
    const key = found.get(subjectId);
    return Object.entries(event.data).flatMap(([field, text]) =>
      key && typeof text === 'string' && sealed.test(text)
        ? [`${event.stream} ${unseal(text, key, { subjectId, field })}`]
        : [],
    );
  });
};

const logsIn = async (directory: string): Promise<readonly string[]> => {
  const files = await readdir(join(directory, 'logs'));
  return Promise.all(
    // What partners and mailboxes keep is not ours: they are stand-ins for theirs.
    files
      .filter((file) => !/^(mail|sandbox)\./.test(file))
      .map(async (file) => `${file} ${await readFile(join(directory, 'logs', file), 'utf8')}`),
  );
};

export type Kept = {
  readonly log: readonly string[];
  readonly opened: readonly string[];
  readonly tables: readonly string[];
  readonly logs: readonly string[];
};

/** All that a system keeps, as text: whatever is in it anybody can find who has all of it. */
export const allThatIsKept = (system: ASystem): Promise<Kept> =>
  onTheSystem(system.environment, async ({ db, keys }) => {
    const events = await theLog(system.eventStoreUrl);
    return {
      log: events.map((event) => JSON.stringify(event)),
      opened: await openedIn(events, keys),
      tables: await tablesOf(db),
      logs: await logsIn(system.directory),
    };
  });

/** Which of them is found in which of it, in capitals or not. */
export const foundIn = (kept: Kept, words: readonly string[]): readonly string[] =>
  Object.entries(kept).flatMap(([where, texts]) =>
    texts.flatMap((text) =>
      words
        .filter((word) => text.toLowerCase().includes(word.toLowerCase()))
        .map((word) => `${where}: ${word} in ${text.slice(0, 120)}`),
    ),
  );
