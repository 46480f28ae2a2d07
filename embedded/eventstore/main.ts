import { join } from 'node:path';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { commonSettings, port, settingsFrom } from '#shared/platform/config.ts';
import { PortInUse, runProcess } from '#shared/platform/lifecycle.ts';
import { AddressInUse, eventStoreNode } from './node.ts';
import { CommitStuck } from './writer.ts';

// It would say on standard error, in its own way, what we say ourselves.
setLogVerbosity(logVerbosity.NONE);

await runProcess('eventstore', async ({ log, onStop, fail }) => {
  const settings = settingsFrom(
    { LASTRO_DATA_DIR: commonSettings.LASTRO_DATA_DIR, EMBEDDED_EVENTSTORE_PORT: port(2113) },
    process.env,
  );
  const { EMBEDDED_EVENTSTORE_PORT } = settings;
  const node = await eventStoreNode({
    directory: join(settings.LASTRO_DATA_DIR, 'eventstore'),
    port: EMBEDDED_EVENTSTORE_PORT,
    onFault: (err, doing) => {
      log.error({ err, doing }, 'could not do what was asked');
      // Whoever started us starts us again, and then it is known what is on disk.
      if (err instanceof CommitStuck) fail(err);
    },
  }).catch((error: unknown) => {
    if (!(error instanceof AddressInUse)) throw error;
    throw new PortInUse(EMBEDDED_EVENTSTORE_PORT, 'EMBEDDED_EVENTSTORE_PORT');
  });
  onStop('event store', node.close);
  log.info({ port: node.port }, 'ready');
});
