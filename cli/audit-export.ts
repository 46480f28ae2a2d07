import { once } from 'node:events';
import { csvHead, csvRows, ndjsonRows } from '#shared/audit/csv.ts';
import { manifesting } from '#shared/audit/manifest.ts';
import { opened } from '#shared/audit/personal-fields.ts';
import type { AuditQuery } from '#shared/audit/query.ts';
import { search } from '#shared/audit/search.ts';
import { exportedEvent, shownEvent } from '#shared/audit/stored.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import type { StoredEvent, StoredLog } from '#shared/kernel/stored-log.ts';
import { onTheLog } from './audit-log.ts';
import { onTheSystem } from './system.ts';
import { telling } from './telling.ts';

export const FORMATS = ['ndjson', 'csv'] as const;

export type Exporting = Pick<AuditQuery, 'from' | 'to' | 'stream'> & {
  readonly format: (typeof FORMATS)[number];
  readonly readable?: boolean;
};

/** As fast as whoever reads it takes it: nothing is piled up here. */
const write = async (text: string): Promise<void> => {
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
};

type Opening = (events: readonly StoredEvent[]) => Promise<readonly StoredEvent[]>;
const asStored: Opening = (events) => Promise.resolve(events);

const exported = async (
  log: StoredLog,
  { format, readable, from, to, stream }: Exporting,
  open: Opening,
): Promise<void> => {
  const query = {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(stream !== undefined && { stream }),
  };
  const manifest = manifesting({ ...query, ...(readable && { readable }) });
  const progress = telling('exported', {});
  if (format === 'csv') {
    manifest.add(csvHead, []);
    await write(csvHead);
  }
  const upTo = await log.end();
  for await (const { events } of search(log, query, { upTo })) {
    const rows = await open(events);
    const text =
      format === 'csv' ? csvRows(rows.map(shownEvent)) : ndjsonRows(rows.map(exportedEvent));
    manifest.add(text, rows);
    await write(text);
    progress.add(rows.length);
  }
  await write(`${format === 'csv' ? '# ' : ''}${manifest.line()}\n`);
  progress.end();
};

/** @throws {BadConfig | StoreAway} */
export const exportEvents = (environment: NodeJS.ProcessEnv, options: Exporting): Promise<void> => {
  if (!options.readable) return onTheLog(environment, (log) => exported(log, options, asStored));
  return withKeys(environment, (log, keys) =>
    exported(log, options, (events) => opened(keys, events)),
  );
};

/** For those who may: whoever has the master key, and the database that the keys are in. */
export const withKeys = (
  environment: NodeJS.ProcessEnv,
  work: (log: StoredLog, keys: PersonalKeys) => Promise<void>,
): Promise<void> =>
  onTheSystem(environment, ({ keys }) => onTheLog(environment, (log) => work(log, keys)));
