import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BadConfig } from '#shared/platform/config.ts';
import { disown } from './owner.ts';
import { fileIn, openStores } from './stores.ts';

const toDisk = async (path: string): Promise<void> => {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
};

/**
 * Copies a log, as it is at one instant, into a directory that has none. The log may be in use.
 * What is there under its name is all of it: a copy that was broken off has another.
 * @throws {BadConfig} when there is nothing to copy, or no place for it.
 */
export const backUp = async (directory: string, to: string): Promise<void> => {
  if (existsSync(fileIn(to)))
    throw new BadConfig(`There is a log in ${to} already: name another directory`);
  const unfinished = join(to, 'unfinished');
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });

  const stores = openStores(directory, { readOnly: true });
  try {
    await stores.root.backup(fileIn(unfinished), true);
  } finally {
    await stores.root.close();
  }
  const copy = openStores(unfinished);
  disown(copy.about);
  await copy.root.close();
  await toDisk(fileIn(unfinished));
  await rename(fileIn(unfinished), fileIn(to));
  await rm(unfinished, { recursive: true });
  for (const path of [to, dirname(to)]) await toDisk(path);
};
