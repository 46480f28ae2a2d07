import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { BadConfig } from '#shared/platform/config.ts';

const run = promisify(execFile);

/** Postgres refuses to run as root, whatever it is told. */
const STAND_IN = 'postgres';
const NEW_ACCOUNT = [
  '--system',
  '--user-group',
  '--no-create-home',
  '--shell',
  '/usr/sbin/nologin',
];

/** Who the server runs as, if not as ourselves. */
export type Account = { readonly uid: number; readonly gid: number };

const idOf = async (name: string, which: '-u' | '-g') =>
  Number((await run('id', [which, name])).stdout);

const named = async (name: string): Promise<Account> => ({
  uid: await idOf(name, '-u'),
  gid: await idOf(name, '-g'),
});

const standIn = async (): Promise<Account> => {
  try {
    return await named(STAND_IN);
  } catch {
    await run('useradd', [...NEW_ACCOUNT, STAND_IN]).catch((cause: unknown) => {
      throw new BadConfig(
        `Postgres does not run as root, and no account ${STAND_IN} could be made for it: ` +
          'make one, or start as another user, or set DATABASE_URL to a server of your own',
        { cause },
      );
    });
    return named(STAND_IN);
  }
};

const ownerOf = async (directory: string): Promise<Account | undefined> => {
  try {
    const { uid, gid } = await stat(directory);
    return { uid, gid };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * The account a server on this directory must run as: whose data it is, if there is any.
 * @returns nothing when that is ourselves.
 * @throws {BadConfig} when the data belong to somebody that we may not become.
 */
export const accountFor = async (directory: string): Promise<Account | undefined> => {
  const ourselves = process.getuid?.();
  if (ourselves === undefined) return undefined;

  const owner = await ownerOf(directory);
  if (ourselves === 0) return owner && owner.uid !== 0 ? owner : standIn();
  if (owner && owner.uid !== ourselves)
    throw new BadConfig(
      `${directory} belongs to another user (uid ${owner.uid}): start as that user or as root, ` +
        'or set LASTRO_DATA_DIR to another directory',
    );
  return undefined;
};
