import type { Knex } from 'knex';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';

/** Whether there ever was an effect with this id: the log knows only those that were given up. */
export const effectExistsIn =
  (db: Knex) =>
  async (id: string): Promise<boolean> =>
    (await db<IntentRow>(intentTable).where({ id }).first('id')) !== undefined;
