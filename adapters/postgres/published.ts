import type { Knex } from 'knex';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { enlist, moveCheckpoint, standingOf } from '#shared/platform/checkpoint.ts';

const WORK = { name: 'reaction:ask-equipment', kind: 'reaction', version: 1 } as const;

/** How far the log has been published to equipment; on the list with all that follows the log. */
export const publishedUpTo = (db: Knex) => ({
  read: async (): Promise<bigint> => {
    await enlist(db, WORK, BEGINNING);
    return (await standingOf(db, WORK.name))?.position ?? BEGINNING;
  },
  /** @throws {Overtaken} */
  move: (from: bigint, to: bigint): Promise<void> =>
    db.transaction((tx) => moveCheckpoint(tx, WORK, { from, to, redoable: false })),
});
