import type { Knex } from 'knex';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { rebuildTable, type RebuildRow } from '#shared/platform/rebuild-schema.ts';
import { AlreadyRebuilding } from './lease.ts';
import { dropShadow, emptyShadow, isThere, makeIndexes } from './shadow.ts';
import type { AnyView } from './view.ts';

/** Where a rebuild begins, or goes on. */
export type Begun = Pick<RebuildRow, 'indexes' | 'asked'> & {
  readonly position: bigint;
  readonly processed: number;
};

/** What is done in the name of a view, and by whom. */
type Owned = { readonly view: AnyView; readonly owner: string };

const rows = (db: Knex) => db<RebuildRow>(rebuildTable);

/**
 * What was folded by other code is of no use, nor is what is further than the live table: that is
 * being made from the beginning itself, or the log was restored from an older copy.
 */
const isOfUse = async (tx: Knex, view: AnyView, row: RebuildRow): Promise<boolean> =>
  row.version === view.version &&
  row.asked !== 'ABORT' &&
  BigInt(row.position) <= (await positionOf(tx, view.name)) &&
  (await isThere(tx, view, 'shadow'));

/** Takes up what another has left behind, or begins with an empty shadow. */
export const takeUp = (db: Knex, { view, owner }: Owned): Promise<Begun> =>
  db.transaction(async (tx) => {
    const { name, version } = view;
    const left = await rows(tx).where({ name }).forUpdate().first();
    if (left && (await isOfUse(tx, view, left))) {
      await rows(tx).where({ name }).update({ owner });
      const { indexes, asked } = left;
      return { indexes, asked, position: BigInt(left.position), processed: Number(left.processed) };
    }
    const indexes = await emptyShadow(tx, view);
    await rows(tx).where({ name }).delete();
    await tx(rebuildTable).insert({
      ...{ name, version, owner, position: String(BEGINNING) },
      indexes: JSON.stringify(indexes),
    });
    return { indexes, asked: null, position: BEGINNING, processed: 0 };
  });

const mine = (tx: Knex, { view, owner }: Owned) => rows(tx).where({ name: view.name, owner });

/** A process that was stopped for a while must not write to what another has taken over. */
const once = (view: AnyView, changed: number): void => {
  if (changed !== 1) throw new AlreadyRebuilding(view.name);
};

/**
 * Compare and set, in the transaction that writes to the shadow: wherever the process is killed,
 * rows and position are of the same moment.
 * @throws {AlreadyRebuilding} when another process has taken over.
 */
export const advance = async (
  tx: Knex.Transaction,
  owned: Owned,
  { from, to, events }: { readonly from: bigint; readonly to: bigint; readonly events: number },
): Promise<void> => {
  const moved = await mine(tx, owned)
    .where({ position: String(from) })
    .update({ position: String(to), processed: tx.raw('processed + ?', [events]) });
  once(owned.view, moved);
};

/** Makes the indexes and forgets that they were to be made, both or neither. */
export const index = (db: Knex, owned: Owned, indexes: readonly string[]): Promise<void> =>
  db.transaction(async (tx) => {
    await makeIndexes(tx, owned.view, indexes);
    once(owned.view, await mine(tx, owned).update({ indexes: null }));
  });

/** Part of the switch: whoever was taken over switches nothing. */
export const finish = async (tx: Knex.Transaction, owned: Owned): Promise<void> => {
  once(owned.view, await mine(tx, owned).delete());
};

/** Leaves nothing behind that could be gone on with. */
export const discard = (db: Knex, owned: Owned): Promise<void> =>
  db.transaction(async (tx) => {
    await finish(tx, owned);
    await dropShadow(tx, owned.view);
  });

/** What whoever is at it, or comes next, is to do. False where nothing was begun. */
export const ask = async (db: Knex, name: string, asked: RebuildRow['asked']): Promise<boolean> =>
  (await rows(db).where({ name }).update({ asked })) === 1;

export const askedOf = async (db: Knex, name: string): Promise<RebuildRow['asked']> =>
  (await rows(db).where({ name }).first('asked'))?.asked ?? null;
