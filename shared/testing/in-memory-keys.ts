import { createHash } from 'node:crypto';
import { Erased, type PersonalKeys } from '#shared/kernel/personal.ts';

export type DestructibleKeys = PersonalKeys & {
  /** Whether there was a key to destroy. */
  readonly destroy: (subjectId: string) => Promise<boolean>;
};

/** Keys of persons for specs: the same ones in every run. */
export const inMemoryKeys = (): DestructibleKeys => {
  const keys = new Map<string, Buffer>();
  const erased = new Set<string>();

  const obtained = (subjectId: string): [string, Buffer] => {
    if (erased.has(subjectId)) throw new Erased(subjectId);
    const key = keys.get(subjectId) ?? createHash('sha256').update(subjectId).digest();
    keys.set(subjectId, key);
    return [subjectId, key];
  };
  const found = (subjectId: string): [string, Buffer][] => {
    const key = keys.get(subjectId);
    return key ? [[subjectId, key]] : [];
  };

  return {
    // eslint-disable-next-line @typescript-eslint/require-await
    obtain: async (subjectIds) => new Map(subjectIds.map(obtained)),
    find: (subjectIds) => Promise.resolve(new Map(subjectIds.flatMap(found))),
    destroy: (subjectId) => {
      erased.add(subjectId);
      return Promise.resolve(keys.delete(subjectId));
    },
  };
};
