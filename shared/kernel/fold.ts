import type { Recorded } from './event-store.ts';
import type { Contract, Instant, MessageOf, Schemas } from './message.ts';

/**
 * What the events of one thing make of one row. The read model folds with it, and so does whoever
 * asks how a thing stood at some time: they cannot come to different rows. Pure; personal fields
 * are sealed in events and are kept sealed in rows.
 */
export type Fold<S extends Schemas, Row> = {
  /** Where all that happened to it stands; what does not count as its own change lies apart. */
  readonly streamsOf: (id: string) => readonly string[];
  readonly events: Contract<S>;
  readonly evolve: (row: Row | undefined, event: Recorded<MessageOf<S>>) => Row | undefined;
};

/** A position in the log, or an instant; both are included. */
export type Moment = { readonly position: bigint } | { readonly at: Instant };

/** A stream as it stands in the log, checked, and sealed as read models are. */
export type SealedStream = <S extends Schemas>(
  stream: string,
  contract: Contract<S>,
) => Promise<readonly Recorded<MessageOf<S>>[]>;

export type AsOf<Row> = {
  readonly row: Row;
  /** Of the last event that made it so. */
  readonly position: bigint;
  readonly at: Instant;
};

/** How a thing stood at a moment. Nothing before it was there, and after it was gone. */
export type StoodAt = <S extends Schemas, Row>(
  fold: Fold<S, Row>,
  id: string,
  moment: Moment,
) => Promise<AsOf<Row> | undefined>;

const isWithin = ({ position, meta }: Recorded, moment: Moment): boolean =>
  'position' in moment ? position <= moment.position : Date.parse(meta.at) <= Date.parse(moment.at);

const inOrder = (one: Recorded, other: Recorded): number =>
  one.position < other.position ? -1 : 1;

/** @throws {StoreAway} */
export const stoodAt =
  (sealedStream: SealedStream): StoodAt =>
  async (fold, id, moment) => {
    const streams = fold.streamsOf(id).map((stream) => sealedStream(stream, fold.events));
    const events = (await Promise.all(streams)).flat().sort(inOrder);
    // Clocks of several machines may differ by a little: the order is that of the log.
    const after = events.findIndex((event) => !isWithin(event, moment));
    const until = after < 0 ? events : events.slice(0, after);
    const last = until.at(-1);
    const row = until.reduce<Parameters<typeof fold.evolve>[0]>(fold.evolve, undefined);
    return row && last && { row, position: last.position, at: last.meta.at };
  };
