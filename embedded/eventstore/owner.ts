import { readFileSync } from 'node:fs';
import type { Database, RootDatabase } from 'lmdb';
import { BadConfig } from '#shared/platform/config.ts';

/** A process, so that another that has got its number by now is not taken for it. */
type Owner = { readonly pid: number; readonly startedAt: string; readonly boot: string };

type Owned = {
  readonly root: RootDatabase;
  readonly about: Database<unknown, string>;
  readonly writable: boolean;
};

const OWNER = 'owner';
/** Of `/proc/<pid>/stat`, counted after the name, which may hold anything. */
const [STATE, START_TIME] = [0, 19];
/** Dead, but its parent has not taken notice. */
const ZOMBIE = 'Z';

const contentOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // Systems without /proc know a process by its number alone.
    return '';
  }
};

const statOf = (pid: number): readonly string[] => {
  const stat = contentOf(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

const ownerWith = (pid: number): Owner => ({
  pid,
  startedAt: statOf(pid)[START_TIME] ?? '',
  boot: contentOf('/proc/sys/kernel/random/boot_id').trim(),
});

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return statOf(pid)[STATE] !== ZOMBIE;
  } catch (error) {
    // Somebody else's process is one, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const isAlive = (owner: Owner): boolean => {
  const now = ownerWith(owner.pid);
  return isRunning(owner.pid) && owner.startedAt === now.startedAt && owner.boot === now.boot;
};

const ensureFree = (about: Database<unknown, string>, directory: string): void => {
  const owner = about.get(OWNER) as Owner | undefined;
  if (owner && isAlive(owner))
    throw new BadConfig(
      `${directory} is in use by process ${owner.pid}: stop it, or set LASTRO_DATA_DIR to another directory`,
    );
};

/** In a copy of a log nobody has it, whoever had the log. */
export const disown = (about: Database<unknown, string>): void => {
  about.removeSync(OWNER);
};

/**
 * Takes the log for this process. LMDB would let several write; the writer counts on being alone.
 * Asking and taking are one transaction, so that of two that start together one gets it; who was
 * killed has let go.
 * A log that cannot be written to has no note of who has it but an old one.
 * @throws {BadConfig} when a process that runs has it. Returns how to give it back.
 */
export const own = ({ root, about, writable }: Owned, directory: string): (() => void) => {
  if (!writable) {
    ensureFree(about, directory);
    return () => undefined;
  }
  root.transactionSync(() => {
    ensureFree(about, directory);
    about.putSync(OWNER, ownerWith(process.pid));
  });
  return () => {
    disown(about);
  };
};
