import type { Knex } from 'knex';

/** How far the log had got at some moments: what it takes to say how old the oldest news are. */
export const logHeadTable = 'log_head';

/** A view that is further behind than this is that far behind, at least. */
const KEPT = '1 day';

export const logHeadSchema = {
  name: 'log-head',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      create table log_head (
        position bigint primary key,
        at timestamptz not null default now()
      )`);
  },
};

/** Puts on record where the log ends now; nothing if it has not grown. */
export const noteLogHead = async (db: Knex, position: bigint): Promise<void> => {
  await db(logHeadTable)
    .insert({ position: String(position) })
    .onConflict('position')
    .ignore();
};

/** Lets go of what is so old that nobody asks for it; where the log ends stays known. */
export const forgetLogHeads = async (db: Knex): Promise<void> => {
  await db.raw(
    `delete from log_head
      where at < now() - interval '${KEPT}' and position < (select max(position) from log_head)`,
  );
};
