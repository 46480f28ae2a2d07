import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { settingsFrom } from '#shared/platform/config.ts';
import { serverSettings, serversFrom } from '#shared/platform/servers.ts';
import { connect } from '../adapters/eventstoredb/connection.ts';
import { copyLog, TargetDiffers } from '../adapters/eventstoredb/copy.ts';
import { rawLog } from '../adapters/eventstoredb/raw-log.ts';
import { answer, Failed, type Output } from './outcome.ts';

type Options = Output & { readonly to: string };

/** One for each pair of servers; a URL may have a password in it, and is not to be read from here. */
const noteOf = (directory: string, from: string, to: string): string => {
  const pair = createHash('sha256').update(`${from}\n${to}`).digest('hex').slice(0, 16);
  return join(directory, `copied-${pair}.json`);
};

const notedIn = async (note: string): Promise<bigint> => {
  try {
    const { upTo } = JSON.parse(await readFile(note, 'utf8')) as { readonly upTo: string };
    return BigInt(upTo);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return BEGINNING;
    throw new Failed(`${note} cannot be read: remove it, and all is copied that is not there yet`);
  }
};

const write = async (note: string, upTo: bigint): Promise<void> => {
  await writeFile(`${note}.new`, JSON.stringify({ upTo: String(upTo) }));
  await rename(`${note}.new`, note);
};

/** What it was doing when it failed is noted: the same command goes on from there. */
const failed = (error: unknown, upTo: bigint): unknown =>
  error instanceof TargetDiffers
    ? new Failed(error.message)
    : new Failed(
        `The copy stopped after position ${upTo}, run it again to go on from there: ${String(error)}`,
        { cause: error },
      );

/** Copies what the environment's event store has, and notes in the directory how far it got. */
export const copyTo = async (
  options: Options,
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<void> => {
  const { eventStoreUrl } = serversFrom(settingsFrom(serverSettings, environment));
  const connection = connect(eventStoreUrl);
  const note = noteOf(directory, eventStoreUrl, options.to);
  await mkdir(directory, { recursive: true });
  let done = { upTo: await notedIn(note), copied: 0, leftOut: 0 };
  try {
    for await (done of copyLog({ connection, log: rawLog(connection) }, options.to, done.upTo)) {
      await write(note, done.upTo);
      if (!options.json) process.stderr.write(`position ${done.upTo}, ${done.copied} events\n`);
    }
  } catch (error) {
    throw failed(error, done.upTo);
  } finally {
    await connection.dispose();
  }
  const { upTo, copied, leftOut } = done;
  const words = `${copied} events are copied, up to position ${upTo}; ${leftOut} of the server's own are left out`;
  answer(options, words, { copied, leftOut, upTo: String(upTo) });
};
