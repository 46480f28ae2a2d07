import { readdir, readFile } from 'node:fs/promises';

export const root = new URL('../../', import.meta.url);
const NOT_OURS = new Set(['.git', 'node_modules', '.lastro', 'coverage', '.env']);
const BINARY = /\.(png|ico|gz|zip|mdb)$/;

export const textOf = (file: string): Promise<string> => readFile(new URL(file, root), 'utf8');

const filesIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(new URL(folder, root), { withFileTypes: true });
  const found = entries
    .filter(({ name }) => !NOT_OURS.has(name) && !BINARY.test(name))
    .map(async (entry) => {
      const path = `${folder}${entry.name}`;
      return entry.isDirectory() ? filesIn(`${path}/`) : [path];
    });
  return (await Promise.all(found)).flat();
};

/** All that is ours in this checkout, by path, as text. */
export const theTree = async (): Promise<ReadonlyMap<string, string>> => {
  const files = (await filesIn('')).sort();
  const texts = await Promise.all(files.map(textOf));
  return new Map(files.map((file, nth) => [file, texts[nth] ?? '']));
};
