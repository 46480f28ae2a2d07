import type { Knex } from 'knex';

/** How often to look, so that an erasure is noticed within a second by every process. */
export const LOOK_EVERY_MS = 500;
/** Longer than anybody remembers a key, and than clocks differ. */
const LOOKED_BACK = '5 minutes';
/** Should more be erased in that time, their keys are forgotten when they have been kept too long. */
export const MOST_NOTICED = 50_000;

export const erasedPeopleSchema = {
  name: 'erased-people',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      create index subject_keys_erased_at on vault.subject_keys (erased_at)
        where erased_at is not null`);
  },
};

/** Whose key was destroyed a moment ago, through whichever process. */
export const recentlyErased = (db: Knex): Promise<string[]> =>
  db('vault.subject_keys')
    .whereRaw(`erased_at > now() - interval '${LOOKED_BACK}'`)
    .orderBy('erased_at', 'desc')
    .limit(MOST_NOTICED)
    .pluck<string[]>('subject_id');
