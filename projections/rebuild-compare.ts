import type { Knex } from 'knex';
import { compare, type Comparison } from './compare.ts';
import type { Work } from './rebuild-load.ts';
import { atOnePosition } from './rebuild-switch.ts';
import { isThere } from './shadow.ts';

/** A large table takes as long as it takes: limits are for what callers wait for. */
const patient = (tx: Knex) =>
  tx.raw('set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0');

type Options = {
  readonly checksums: boolean;
  /** Makes the indexes. The shadow is looked at meanwhile, which takes none of them. */
  readonly indexed: () => Promise<void>;
};

/**
 * Holds the live table against the shadow, as both were at one moment: the live view goes on at
 * once. Nothing where there is no live table.
 */
export const compared = async (
  work: Work,
  { checksums, indexed }: Options,
): Promise<Comparison | undefined> => {
  const { db, view, progress, signal } = work;
  if (!(await isThere(db, view, 'public'))) {
    await indexed();
    return undefined;
  }
  return db.transaction(
    async (tx) => {
      await patient(tx);
      await atOnePosition(work, async () => {
        // From here on this transaction sees everything as it is now.
        await tx.raw('select 1');
      });
      const [indexing, comparing] = await Promise.allSettled([
        indexed().then(() => {
          progress.enter('comparing');
        }),
        compare(view, tx, { checksums, signal }),
      ]);
      if (indexing.status === 'rejected') throw indexing.reason;
      if (comparing.status === 'rejected') throw comparing.reason;
      return comparing.value;
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
};
