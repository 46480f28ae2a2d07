import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';
import { Erased, type PersonalKeys } from '#shared/kernel/personal.ts';
import { MOST_NOTICED, recentlyErased } from './erased-people.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const REMEMBERED_KEYS = 50_000;
/** Kept no longer, though nobody looked who was erased meanwhile. */
const REMEMBERED_MS = 60_000;
const LARGEST_STATEMENT = 5_000;
/** With one, all who wait would go on at the same moment, and wait together for what is next. */
const STATEMENTS_AT_ONCE = 3;

export const personalKeysSchema = {
  name: 'personal-keys',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      create schema if not exists vault;
      create table vault.subject_keys (
        subject_id uuid primary key,
        wrapped_key bytea,
        created_at timestamptz not null default now(),
        erased_at timestamptz,
        check ((wrapped_key is null) = (erased_at is not null))
      )`);
  },
};

/** Bound to the person: a key that was moved to another row does not open. */
const wrap = (key: Buffer, subjectId: string, masterKey: Buffer): Buffer => {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', masterKey, iv).setAAD(Buffer.from(subjectId));
  return Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
};

const unwrap = (wrapped: Buffer, subjectId: string, masterKey: Buffer): Buffer => {
  const tagAt = wrapped.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', masterKey, wrapped.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(subjectId))
    .setAuthTag(wrapped.subarray(tagAt));
  return Buffer.concat([decipher.update(wrapped.subarray(IV_BYTES, tagAt)), decipher.final()]);
};

type Stored = { readonly subject_id: string; readonly wrapped_key: Buffer | null };

const tableOf = (db: Knex, masterKey: Buffer) => {
  const read = async (subjectIds: readonly string[]) => {
    const { rows } = await db.raw<{ readonly rows: readonly Stored[] }>(
      'select subject_id, wrapped_key from vault.subject_keys where subject_id = any(?)',
      [subjectIds as string[]],
    );
    return rows;
  };

  return {
    find: async (subjectIds: readonly string[]): Promise<Map<string, Buffer>> => {
      const rows = await read(subjectIds);
      return new Map(
        rows.flatMap(({ subject_id: id, wrapped_key: wrapped }) =>
          wrapped === null ? [] : [[id, unwrap(wrapped, id, masterKey)] as const],
        ),
      );
    },
    /**
     * Whoever is first makes the key; in one statement for all, and on disk when it resolves. In
     * one order for all: two that wait for each other's rows would end in a deadlock.
     * @returns the keys that were made just now.
     */
    make: async (subjectIds: readonly string[]): Promise<Map<string, Buffer>> => {
      const inOrder = subjectIds.toSorted();
      const keys = new Map(inOrder.map((id) => [id, randomBytes(KEY_BYTES)] as const));
      const wrapped = [...keys].map(([id, key]) => wrap(key, id, masterKey));
      const { rows } = await db.raw<{ readonly rows: readonly Pick<Stored, 'subject_id'>[] }>(
        `insert into vault.subject_keys (subject_id, wrapped_key)
         select * from unnest(?::uuid[], ?::bytea[])
         on conflict (subject_id) do nothing
         returning subject_id`,
        [[...keys.keys()], wrapped],
      );
      const made = new Set(rows.map(({ subject_id: id }) => id));
      return new Map([...keys].filter(([id]) => made.has(id)));
    },
    destroy: async (subjectId: string): Promise<boolean> => {
      const { rows } = await db.raw<{ readonly rows: readonly unknown[] }>(
        `insert into vault.subject_keys (subject_id, wrapped_key, erased_at)
         values (?, null, now())
         on conflict (subject_id) do update set wrapped_key = null, erased_at = now()
           where subject_keys.wrapped_key is not null
         returning subject_id`,
        [subjectId],
      );
      return rows.length > 0;
    },
  };
};

type Ask = {
  readonly subjectId: string;
  readonly resolve: (key: Buffer | undefined) => void;
  readonly reject: (error: unknown) => void;
};

/** Whoever asks while statements enough are on their way goes with the next one, together. */
const together = (work: (subjectIds: readonly string[]) => Promise<Map<string, Buffer>>) => {
  const waiting: Ask[] = [];
  let working = 0;

  const next = async (): Promise<void> => {
    const asking = waiting.splice(0, LARGEST_STATEMENT);
    try {
      const keys = await work([...new Set(asking.map(({ subjectId }) => subjectId))]);
      for (const { subjectId, resolve } of asking) resolve(keys.get(subjectId));
    } catch (error) {
      for (const { reject } of asking) reject(error);
    }
  };
  const run = async (): Promise<void> => {
    working += 1;
    while (waiting.length > 0) await next();
    working -= 1;
  };

  return (subjectId: string): Promise<Buffer | undefined> =>
    new Promise((resolve, reject) => {
      waiting.push({ subjectId, resolve, reject });
      // After all who ask in this turn.
      if (working < STATEMENTS_AT_ONCE)
        void Promise.resolve().then(() => (working < STATEMENTS_AT_ONCE ? run() : undefined));
    });
};

export type KeptKeys = PersonalKeys & {
  /** Nobody can open what was sealed under it, ever again. Whether there was one to destroy. */
  readonly destroy: (subjectId: string) => Promise<boolean>;
  /** Forgets the keys that other processes have destroyed. To be called again and again. */
  readonly look: () => Promise<void>;
};

/** Keys of persons, each wrapped under the master key. */
export const personalKeys = (
  db: Knex,
  masterKey: Buffer,
  { rememberedMs = REMEMBERED_MS } = {},
): KeptKeys => {
  const table = tableOf(db, masterKey);
  const known = new LRUCache<string, Buffer>({ max: REMEMBERED_KEYS, ttl: rememberedMs });
  const findOne = together(table.find);
  const makeOne = together(async (subjectIds) => {
    const made = await table.make(subjectIds);
    const others = subjectIds.filter((id) => !made.has(id));
    return others.length === 0 ? made : new Map([...made, ...(await table.find(others))]);
  });
  /** Whoever asked just before an erasure must not bring the key back into memory after it. */
  const erased = new LRUCache<string, true>({ max: MOST_NOTICED });

  const forget = (subjectId: string): void => {
    erased.set(subjectId, true);
    known.delete(subjectId);
  };

  const all = async (
    subjectIds: readonly string[],
    one: (subjectId: string) => Promise<Buffer | undefined>,
  ): Promise<Map<string, Buffer>> => {
    const keys = new Map<string, Buffer>();
    const get = async (subjectId: string) => {
      const remembered = known.get(subjectId);
      const key = remembered ?? (await one(subjectId));
      if (!key) return;
      keys.set(subjectId, key);
      // Not anew each time it is used: whoever is asked for often would never be forgotten.
      if (!remembered && !erased.has(subjectId)) known.set(subjectId, key);
    };
    await Promise.all(subjectIds.map(get));
    return keys;
  };

  return {
    find: (subjectIds) => all(subjectIds, findOne),
    obtain: (subjectIds) =>
      all(subjectIds, async (subjectId) => {
        const key = await makeOne(subjectId);
        if (!key) throw new Erased(`Person ${subjectId} was erased`);
        return key;
      }),
    destroy: async (subjectId) => {
      forget(subjectId);
      return table.destroy(subjectId);
    },
    look: async () => {
      for (const subjectId of await recentlyErased(db)) forget(subjectId);
    },
  };
};
