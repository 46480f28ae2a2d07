import { join } from 'node:path';
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { Type } from '#shared/kernel/type.ts';
import { commonSettings, port, settingsFrom } from '#shared/platform/config.ts';
import { PortInUse, runProcess } from '#shared/platform/lifecycle.ts';
import { AddressInUse, eventStoreNode, type NodeOptions } from './node.ts';
import { switchesFrom } from './switches.ts';
import { CommitStuck } from './writer.ts';

const settings = {
  LASTRO_DATA_DIR: commonSettings.LASTRO_DATA_DIR,
  EMBEDDED_EVENTSTORE_PORT: port(2113),
  EMBEDDED_EVENTSTORE_SWITCHES: Type.Optional(Type.String()),
};

const nodeAt = (options: NodeOptions) =>
  eventStoreNode(options).catch((error: unknown) => {
    if (!(error instanceof AddressInUse)) throw error;
    throw new PortInUse(options.port, 'EMBEDDED_EVENTSTORE_PORT');
  });

/** Where the log lies in the directory of an installation. */
export const logDirectory = (dataDirectory: string): string => join(dataDirectory, 'eventstore');

/** Runs a node until it is told to stop. Switches come from both, those of the command line last. */
export const serve = async (
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> => {
  // It would say on standard error, in its own way, what we say ourselves.
  setLogVerbosity(logVerbosity.NONE);

  await runProcess('eventstore', async ({ log, onStop, fail }) => {
    const given = settingsFrom(settings, environment);
    const { LASTRO_DATA_DIR, EMBEDDED_EVENTSTORE_PORT, EMBEDDED_EVENTSTORE_SWITCHES = '' } = given;
    const usual = EMBEDDED_EVENTSTORE_SWITCHES.split(/\s+/).filter((word) => word !== '');
    const directory = logDirectory(LASTRO_DATA_DIR);
    const node = await nodeAt({
      ...switchesFrom([...usual, ...args]),
      directory,
      port: EMBEDDED_EVENTSTORE_PORT,
      onFault: (err, doing) => {
        log.error({ err, doing }, 'could not do what was asked');
        // Whoever started us starts us again, and then it is known what is on disk.
        if (err instanceof CommitStuck) fail(err);
      },
    });
    onStop('event store', node.close);
    if (!node.writable)
      log.warn(
        `${directory} can only be read: appends are refused until it is writable, and this is started again`,
      );
    log.info({ port: node.port }, 'ready');
  });
};
