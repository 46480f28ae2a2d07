import { execFile, type SpawnOptions } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadConfig } from '#shared/platform/config.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

/** User, password and database: open secrets, good for one machine that trusts itself. */
export const APPLICATION = 'lastro';

const MAJOR = '18';
const SUPERUSER = 'postgres';
/** Text compares by code point on every machine, whatever locales it has. */
const LOCALE = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

/** Not the superuser: a known password must not open this machine's files to its other users. */
const FIRST_STATEMENTS = [
  `CREATE ROLE ${APPLICATION} LOGIN CREATEDB PASSWORD '${APPLICATION}'`,
  `CREATE DATABASE ${APPLICATION} OWNER ${APPLICATION}`,
];
const WHO_MAY_CONNECT = `host all ${APPLICATION} 127.0.0.1/32 scram-sha-256\n`;

/**
 * How the server finds its directory. The account it runs as may have no way through the
 * directories above, a home that is closed for one; what a process already stands in, it can use.
 */
export const dataFlag = (directory: string): string[] => [
  '-D',
  process.platform === 'linux' ? '/proc/self/cwd' : directory,
];

/** Nothing of our environment reaches the server: `PG*` variables would change what it does. */
export const placeOf = (directory: string, account: Account | undefined): SpawnOptions => ({
  cwd: directory,
  env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  ...account,
});

const finished = (
  program: string,
  args: readonly string[],
  options: SpawnOptions,
  input = '',
): Promise<void> =>
  new Promise((resolve, reject) => {
    const { cwd, env, uid, gid } = options;
    const place = {
      cwd,
      env,
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    };
    const child = execFile(program, args, place, (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} failed: ${stderr || stdout}`, { cause: error }));
      else resolve();
    });
    child.stdin?.end(input);
  });

const madeBy = async (directory: string): Promise<string | undefined> => {
  try {
    return (await readFile(join(directory, 'PG_VERSION'), 'utf8')).trim();
  } catch {
    return undefined;
  }
};

const holdsSomething = async (directory: string): Promise<boolean> => {
  try {
    return (await readdir(directory)).length > 0;
  } catch {
    return false;
  }
};

const make = async (
  directory: string,
  { initdb, postgres }: Binaries,
  account: Account | undefined,
  durable: boolean,
): Promise<void> => {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory);
  await chmod(directory, 0o700);
  if (account) await chown(directory, account.uid, account.gid);

  const place = placeOf(directory, account);
  const closed = ['--auth-local=reject', '--auth-host=reject', `--username=${SUPERUSER}`];
  const sync = durable ? [] : ['--no-sync'];
  const data = dataFlag(directory);
  await finished(initdb, [...data, ...closed, ...LOCALE, ...sync], place);
  await writeFile(join(directory, 'pg_hba.conf'), WHO_MAY_CONNECT);
  const options = ['-c', 'exit_on_error=on', ...(durable ? [] : ['-c', 'fsync=off'])];
  const single = ['--single', ...data, ...options, SUPERUSER];
  await finished(postgres, single, place, `${FIRST_STATEMENTS.join('\n')}\n`);
};

/**
 * Sees to it that the directory holds a database cluster with the application's role and database.
 * It is made beside and moved in when it is whole: a killed start leaves no half of one.
 */
export const aCluster = async (
  directory: string,
  binaries: Binaries,
  account: Account | undefined,
  durable: boolean,
): Promise<void> => {
  const version = await madeBy(directory);
  if (version === MAJOR) return;
  if (version !== undefined)
    throw new BadConfig(
      `${directory} was made by Postgres ${version}, this is ${MAJOR}: ` +
        'dump it with that version, or set LASTRO_DATA_DIR to another directory',
    );

  if (await holdsSomething(directory))
    throw new BadConfig(
      `${directory} holds no database: move it away, or set LASTRO_DATA_DIR to another directory`,
    );

  const unfinished = `${directory}.new`;
  await make(unfinished, binaries, account, durable);
  await rename(unfinished, directory);
};
