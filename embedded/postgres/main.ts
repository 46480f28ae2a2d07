import { join } from 'node:path';
import { commonSettings, port, settingsFrom } from '#shared/platform/config.ts';
import { runProcess } from '#shared/platform/lifecycle.ts';
import { startPostgres } from './server.ts';

await runProcess('postgres', async ({ log, onStop, stopping, fail }) => {
  const settings = settingsFrom(
    { LASTRO_DATA_DIR: commonSettings.LASTRO_DATA_DIR, EMBEDDED_POSTGRES_PORT: port(5455) },
    process.env,
  );
  const server = await startPostgres({
    directory: join(settings.LASTRO_DATA_DIR, 'postgres'),
    port: settings.EMBEDDED_POSTGRES_PORT,
    durable: true,
    log,
  });
  onStop('postgres', server.stop);
  void server.ended.then((words) => {
    if (!stopping.aborted) fail(new Error(`Postgres ended by itself: ${words}`));
  });
  log.info({ port: settings.EMBEDDED_POSTGRES_PORT, pid: server.pid }, 'ready');
});
