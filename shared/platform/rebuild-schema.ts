import type { Knex } from 'knex';

/** One row for each rebuild that was begun and is not through: how far its shadow has got. */
export const rebuildTable = 'rebuild';

export type RebuildRow = {
  /** Of the view. */
  readonly name: string;
  /** Of the code that folds. */
  readonly version: number;
  /** Who may write to the shadow; whoever takes over puts itself here. */
  readonly owner: string;
  /** How far the log is in the shadow. A bigint, in decimal. */
  readonly position: string;
  /** Events that were folded so far. A bigint, in decimal. */
  readonly processed: string;
  /** What is still to be made once all rows are there; nothing once that was done. */
  readonly indexes: readonly string[] | null;
  /** What somebody wants of whoever is at it. */
  readonly asked: 'PAUSE' | 'ABORT' | null;
};

/** Tables are made anew in `shadow`, and kept in `archive` once another has taken their place. */
export const rebuildSchema = {
  name: 'rebuild',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      create schema if not exists shadow;
      create schema if not exists archive;
      create table rebuild (
        name text primary key,
        version integer not null,
        owner text not null,
        position bigint not null,
        processed bigint not null default 0,
        indexes jsonb,
        asked text check (asked in ('PAUSE', 'ABORT'))
      ) with (fillfactor = 50)`);
  },
};
