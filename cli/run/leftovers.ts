import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Run = {
  /** The run before this one did not end in order: its processes may be about to leave still. */
  readonly followsAKill: boolean;
  readonly endedInOrder: () => Promise<void>;
};

/** Leaves a note in the directory as long as this run lasts. Whoever finds one knows of a kill. */
export const beginRun = async (directory: string): Promise<Run> => {
  const note = join(directory, 'running');
  const found = await stat(note).catch(() => undefined);
  await writeFile(note, `${process.pid}\n`);
  return { followsAKill: found !== undefined, endedInOrder: () => rm(note, { force: true }) };
};
