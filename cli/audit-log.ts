import type { StoredLog } from '#shared/kernel/stored-log.ts';
import { settingsFrom } from '#shared/platform/config.ts';
import { serverSettings, serversFrom } from '#shared/platform/servers.ts';
import { connect } from '../adapters/eventstoredb/connection.ts';
import { paging } from '../adapters/eventstoredb/patience.ts';
import { storedLog } from '../adapters/eventstoredb/stored-log.ts';

/**
 * Does something with the log that the environment names and with nothing else: whoever audits
 * needs neither a database nor the keys to anybody's data.
 * @throws {BadConfig} when a setting is wrong or missing.
 */
export const onTheLog = async <T>(
  environment: NodeJS.ProcessEnv,
  work: (log: StoredLog) => Promise<T>,
): Promise<T> => {
  const { eventStoreUrl } = serversFrom(settingsFrom(serverSettings, environment));
  const connection = connect(eventStoreUrl);
  try {
    return await work(storedLog(connection, paging));
  } finally {
    await connection.dispose();
  }
};
