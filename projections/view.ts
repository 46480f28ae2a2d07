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

const keysOf = (view: AnyView, event: Recorded): readonly string[] => {
  if ('keysOf' in view) return view.keysOf(event);
  const key = view.keyOf(event);
  return key === undefined ? [] : [key];
};

const attempt = <T>(view: AnyView, event: Recorded, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw new Unfoldable(view.name, event, error);
  }
};

/** Each event with the keys of the rows that it is about. */
type Keyed = readonly (readonly [event: Recorded, keys: readonly string[]])[];

const keyed = (view: AnyView, events: readonly Recorded[]): Keyed =>
  events.map((event) => [event, attempt(view, event, () => keysOf(view, event))]);

export type Rows = Map<string, Row>;

/** Rows that were changed or came to be, and keys of those that are gone. */
export type Changes = { readonly rows: readonly Row[]; readonly gone: readonly string[] };

const fold = (view: AnyView, events: Keyed, rows: Rows): Changes => {
  const before = new Map<string, Row | undefined>();
  for (const [event, keys] of events)
    for (const key of keys) {
      const row = rows.get(key);
      if (!before.has(key)) before.set(key, row);
      const next = attempt(view, event, () => view.evolve(row, event, key));
      if (next) rows.set(key, next);
      else rows.delete(key);
    }

  const changed = [...before].filter(([key, row]) => rows.get(key) !== row);
  return {
    rows: changed.map(([key]) => rows.get(key)).filter((row) => row !== undefined),
    gone: changed.filter(([key]) => !rows.has(key)).map(([key]) => key),
  };
};

/**
 * Folds events into the rows they are about: one read, one upsert, at most one delete.
 * Rows in `known` are not read again; it is kept up to date.
 * @throws {Unfoldable}
 */
export const apply = async (
  tx: Knex,
  view: AnyView,
  events: readonly Recorded[],
  { place = 'public', known = new Map() }: { readonly place?: Place; readonly known?: Rows } = {},
): Promise<void> => {
  const work = keyed(view, events);
  const keys = new Set(work.flatMap(([, about]) => about));
  const unknown = [...keys].filter((key) => !known.has(key));
  for (const row of await rowsOf(tx, view, unknown, place)) known.set(String(row[view.key]), row);
  await writeRows(tx, view, fold(view, work, known), place);
};
