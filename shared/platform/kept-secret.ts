import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { BadConfig } from './config.ts';

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : '');

const existing = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** Written in full and on disk before it has its name; whoever comes second keeps the first's. */
const place = async (path: string, secret: string): Promise<void> => {
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${secret.trim()}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
};

/**
 * A secret of this machine, in `<directory>/keys/<name>`, for its owner's eyes only: made when
 * there is none yet. Processes that start at the same moment get the same one.
 * @throws {BadConfig} when the directory cannot be used.
 */
export const keptSecret = async (
  directory: string,
  name: string,
  make: () => string,
): Promise<string> => {
  const keys = join(directory, 'keys');
  const path = join(keys, name);
  try {
    const found = await existing(path);
    if (found !== undefined) return found;
    await mkdir(keys, { recursive: true, mode: 0o700 });
    await place(path, make());
    return await readFile(path, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BadConfig(`Keys cannot be kept below LASTRO_DATA_DIR: ${why}`, { cause });
  }
};
