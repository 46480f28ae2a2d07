import type { Knex } from 'knex';
import type { Recorded } from '#shared/kernel/event-store.ts';
import { columnsOf, copyRows } from './copy.ts';
import { deleteRows, rowsOf, type Row } from './rows.ts';
import { seenBefore } from './seen-before.ts';
import { evolved, keysOf, type AnyView } from './view.ts';

/** Rows kept in memory, so that they need not be read again: some tens of megabytes. */
const MOST_KEPT = 15_000;
/** Events that may wait for rows to be looked up, all of them at once. */
const MOST_PUT_OFF = 2_000;

/** A row in memory. None: it was removed, and the table may still have it. */
type Slot = {
  row: Row | undefined;
  /** Whether the table has it, as it is or as it was. */
  stored: boolean;
  /** Since the last harvest. */
  changed: boolean;
  beingWritten: boolean;
};

/** What came of some events, to be written in one transaction. */
export type Harvest = {
  readonly events: number;
  readonly write: (tx: Knex.Transaction) => Promise<void>;
  /** To be called once that transaction is through. */
  readonly written: () => void;
};

export type ShadowRows = {
  /** @throws {Unfoldable} */
  readonly fold: (events: readonly Recorded[]) => Promise<void>;
  /** Events since the last harvest. */
  readonly waiting: () => number;
  /** All that changed. What is folded from now on is of the next. @throws {Unfoldable} */
  readonly harvest: () => Promise<Harvest>;
};

type Options = {
  /** Nothing is in the table: what was never written need not be looked for. */
  readonly isEmpty: boolean;
  readonly mostKept?: number;
};

/** The latest rows, and what is known of those that are not among them. */
const memory = ({ isEmpty, mostKept = MOST_KEPT }: Options) => {
  const slots = new Map<string, Slot>();
  const everWritten = seenBefore();
  let changed: string[] = [];

  const keep = (key: string, row: Row | undefined): Slot => {
    const slot = { row, stored: row !== undefined, changed: false, beingWritten: false };
    slots.set(key, slot);
    return slot;
  };

  /** Keys of what has to make way, rows that take a place, and all that is on its way. */
  const take = () => {
    const [outdated, there, taken]: [string[], Row[], Slot[]] = [[], [], []];
    for (const key of changed) {
      const slot = slots.get(key);
      if (!slot) continue;
      if (slot.stored) outdated.push(key);
      if (slot.row) there.push(slot.row);
      slot.stored = slot.row !== undefined;
      slot.changed = false;
      slot.beingWritten = true;
      everWritten.add(key);
      taken.push(slot);
    }
    changed = [];
    return { outdated, there, taken };
  };

  return {
    /** The slot of a row, unless it has to be looked up. */
    slotOf: (key: string): Slot | undefined =>
      slots.get(key) ?? (isEmpty && !everWritten.maybe(key) ? keep(key, undefined) : undefined),
    keep,
    put: (key: string, slot: Slot, row: Row | undefined): void => {
      if (!slot.changed) changed.push(key);
      slot.row = row;
      slot.changed = true;
    },
    take,
    /** The oldest make room, but for those that the table does not have as they are. */
    makeRoom: (): void => {
      let tooMany = slots.size - mostKept;
      for (const [key, slot] of slots) {
        if (tooMany <= 0) return;
        if (slot.changed || slot.beingWritten) continue;
        slots.delete(key);
        tooMany -= 1;
      }
    },
  };
};

type Memory = ReturnType<typeof memory>;

/** Folds what it can, and puts off what is about rows that are to be looked up, all at once. */
const folding = (db: Knex, view: AnyView, { slotOf, keep, put }: Memory) => {
  let putOff: (readonly [key: string, event: Recorded])[] = [];
  const missing = new Set<string>();

  const foldInto = (slot: Slot, event: Recorded, key: string): void => {
    const next = evolved(view, slot.row, event, key);
    if (next !== slot.row) put(key, slot, next);
  };

  return {
    isLate: () => putOff.length >= MOST_PUT_OFF,
    foldOne: (event: Recorded, key: string): void => {
      const slot = slotOf(key);
      if (slot) {
        foldInto(slot, event, key);
        return;
      }
      missing.add(key);
      putOff.push([key, event]);
    },
    lookUp: async (): Promise<void> => {
      if (putOff.length === 0) return;
      const found = await rowsOf(db, view, [...missing], 'shadow');
      const rows = new Map(found.map((row) => [String(row[view.key]), row]));
      const slots = new Map([...missing].map((key) => [key, keep(key, rows.get(key))]));
      for (const [key, event] of putOff) {
        const slot = slots.get(key);
        if (slot) foldInto(slot, event, key);
      }
      putOff = [];
      missing.clear();
    },
  };
};

/**
 * The rows of a shadow while they are being made. The latest are kept in memory, changed there,
 * and written many at a time. One that was written and comes again is looked up, and replaced; its
 * events wait until there are many such, which is of no importance to any other row.
 */
export const shadowRows = async (
  db: Knex,
  view: AnyView,
  options: Options,
): Promise<ShadowRows> => {
  const into = { place: 'shadow', columns: await columnsOf(db, view, 'shadow') } as const;
  const kept = memory(options);
  const { foldOne, lookUp, isLate } = folding(db, view, kept);
  let waiting = 0;

  return {
    fold: async (events) => {
      for (const event of events) for (const key of keysOf(view, event)) foldOne(event, key);
      waiting += events.length;
      if (isLate()) await lookUp();
    },
    waiting: () => waiting,
    harvest: async () => {
      await lookUp();
      const { outdated, there, taken } = kept.take();
      const events = waiting;
      waiting = 0;
      return {
        events,
        write: async (tx) => {
          await deleteRows(tx, view, outdated, 'shadow');
          await copyRows(tx, view, into, there);
        },
        written: () => {
          for (const slot of taken) slot.beingWritten = false;
          kept.makeRoom();
        },
      };
    },
  };
};
