import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreNode } from '../../embedded/eventstore/node.ts';
import { openStores, type Stores } from '../../embedded/eventstore/stores.ts';

/** Changes the files of a log behind everybody's back. */
export type Tampering = (stores: Stores) => void;

const urlOf = (port: number) => `esdb://127.0.0.1:${port}?tls=false`;

/** Does something with a node on the log in a directory. */
const onANode = async <T>(directory: string, work: (url: string) => Promise<T>): Promise<T> => {
  const node = await eventStoreNode({ directory, port: 0 });
  try {
    return await work(urlOf(node.port));
  } finally {
    await node.close();
  }
};

/** A log on disk; each look at it may be at a copy that somebody has tampered with. */
export const aLogOnDisk = async () => {
  const root = await mkdtemp(join(tmpdir(), 'lastro-tampered-'));
  const original = join(root, 'original');
  let copies = 0;

  return {
    write: <T>(work: (url: string) => Promise<T>) => onANode(original, work),
    tampered: async <T>(tamper: Tampering, work: (url: string) => Promise<T>): Promise<T> => {
      copies += 1;
      const copy = join(root, String(copies));
      await cp(original, copy, { recursive: true });
      const stores = openStores(copy);
      tamper(stores);
      await stores.root.flushed;
      await stores.root.close();
      return onANode(copy, work);
    },
    file: (name: string) => join(root, name),
    remove: () => rm(root, { recursive: true, force: true }),
  };
};
export type ALogOnDisk = Awaited<ReturnType<typeof aLogOnDisk>>;
