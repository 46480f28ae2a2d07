import type { Knex } from 'knex';
import type { Recorded } from '#shared/kernel/event-store.ts';
import type { Contract, Message, MessageOf, Schemas } from '#shared/kernel/message.ts';
import { Stuck, type AnyContract } from './follower.ts';
import { rowsOf, writeRows, type Place, type Row } from './rows.ts';

type Shape<C, Event extends Message, R extends Row> = {
  readonly name: string;
  /** Raise it with every change of `columns`, `keyOf` or `evolve`: the view is then made anew. */
  readonly version: number;
  readonly table: string;
  /** The column that tells rows apart; its primary key. */
  readonly key: keyof R & string;
  readonly events: C;
  readonly columns: (table: Knex.CreateTableBuilder) => void;
  /** Nothing to show any more: no row. */
  evolve(row: R | undefined, event: Recorded<Event>, key: string): R | undefined;
} & (
  | {
      /** The row that an event is about, if it is about one. */
      keyOf(event: Recorded<Event>): string | undefined;
    }
  | {
      /** The rows that an event is about: `evolve` is asked for each. */
      keysOf(event: Recorded<Event>): readonly string[];
    }
);

/**
 * A table, as a fold: what each event makes of the one row it is about. Pure.
 *
 * Rows are as the driver reads them (a `timestamptz` is a `Date`, a `bigint` or `numeric` a
 * string), and `evolve` returns them so: whether a row was read back between two events must not
 * show. Personal fields are sealed in events and are kept sealed in rows.
 */
export type View<S extends Schemas, R extends Row> = Shape<Contract<S>, MessageOf<S>, R>;

/** One of several views of different rows, which is why functions are declared as methods. */
export type AnyView = Shape<AnyContract, Message, Row>;

/** A view could not make sense of an event. It stays where it is: nothing is skipped. */
export class Unfoldable extends Stuck {
  override readonly name = 'Unfoldable';
  constructor(view: string, { type, stream, revision, position }: Recorded, cause: unknown) {
    const said = cause instanceof Error ? cause.message : String(cause);
    super(`${view} fails on ${type} at ${revision}@${stream}, position ${position}: ${said}`, {
      cause,
    });
  }
}

/** The keys of the rows that an event is about. @throws {Unfoldable} */
export const keysOf = (view: AnyView, event: Recorded): readonly string[] => {
  try {
    if ('keysOf' in view) return view.keysOf(event);
    const key = view.keyOf(event);
    return key === undefined ? [] : [key];
  } catch (error) {
    throw new Unfoldable(view.name, event, error);
  }
};

/** What an event makes of a row. @throws {Unfoldable} */
export const evolved = (
  view: AnyView,
  row: Row | undefined,
  event: Recorded,
  key: string,
): Row | undefined => {
  try {
    return view.evolve(row, event, key);
  } catch (error) {
    throw new Unfoldable(view.name, event, error);
  }
};

type Keyed = readonly (readonly [event: Recorded, keys: readonly string[]])[];
type Rows = ReadonlyMap<string, Row>;

/** What became of rows: those that are there now if they were not so before, and who is gone. */
const fold = (view: AnyView, events: Keyed, before: Rows) => {
  const after = new Map<string, Row | undefined>();
  for (const [event, keys] of events)
    for (const key of keys) {
      const row = after.has(key) ? after.get(key) : before.get(key);
      after.set(key, evolved(view, row, event, key));
    }

  const changed = [...after].filter(([key, row]) => row !== before.get(key));
  return {
    rows: changed.map(([, row]) => row).filter((row) => row !== undefined),
    gone: changed.filter(([, row]) => row === undefined).map(([key]) => key),
  };
};

/**
 * Folds events into the rows they are about: one read, one upsert, at most one delete.
 * @throws {Unfoldable}
 */
export const apply = async (
  tx: Knex,
  view: AnyView,
  events: readonly Recorded[],
  place: Place = 'public',
): Promise<void> => {
  const work: Keyed = events.map((event) => [event, keysOf(view, event)]);
  const keys = new Set(work.flatMap(([, about]) => about));
  const rows = await rowsOf(tx, view, [...keys], place);
  const before = new Map(rows.map((row) => [String(row[view.key]), row]));
  await writeRows(tx, view, fold(view, work, before), place);
};
