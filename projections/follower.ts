import type { Knex } from 'knex';
import type { EventStore, Page, Recorded } from '#shared/kernel/event-store.ts';
import type { Contract, Message } from '#shared/kernel/message.ts';
import { moveCheckpoint, Overtaken, type Enlisted } from '#shared/platform/checkpoint.ts';
import { databaseIsAway } from '#shared/platform/database-away.ts';
import { saidBy, type Log } from '#shared/platform/log.ts';

/** What is needed to follow the log. */
export type Following = {
  readonly eventStore: EventStore;
  readonly db: Knex;
  readonly log: Log;
};

/** A contract of which it does not matter here what it declares. */
export type AnyContract = Omit<Contract, 'read'> & {
  readonly read: (...args: Parameters<Contract['read']>) => Message | undefined;
};

/** Something that goes through the log once, in order, and keeps in Postgres what comes of it. */
export type Follower = Enlisted & {
  readonly events: AnyContract;
  /** A server that crashes may undo its last moments: the log is read again, and nobody notices. */
  readonly redoable: boolean;
  /**
   * Makes sure that it is on the list, and that what it keeps is there.
   * @throws {Superseded}
   */
  readonly prepare: (following: Following, signal: AbortSignal) => Promise<void>;
  readonly apply: (tx: Knex.Transaction, events: readonly Recorded[]) => Promise<void>;
};

/** A newer version of this work is under way, in another process. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

/** Trying again would come out the same: somebody has to see to it. */
export class Stuck extends Error {
  override readonly name: string = 'Stuck';
}

/** Lost races, cancelled waits: the same transaction may well succeed the next time. */
const PASSING = new Set(['40001', '40P01', '55P03', '57014', '25P03']);

const mayPass = (error: unknown): boolean =>
  databaseIsAway(error) ||
  (error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    PASSING.has(error.code));

const described = ({ name }: Follower, events: readonly Recorded[], error: unknown): string => {
  const [event] = events;
  if (!event || events.length > 1) return saidBy(error);
  const { type, revision, stream, position } = event;
  return `${name} fails on ${type} at ${revision}@${stream}, position ${position}: ${saidBy(error)}`;
};

/**
 * What came of the events and the position move together or not at all: exactly once.
 * @throws {Overtaken} when another process was first, and nothing was done here.
 * @throws {Stuck} when it is no use to try again.
 */
export const step = async (
  db: Knex,
  follower: Follower,
  from: bigint,
  { events, upTo }: Page<Message>,
): Promise<bigint> => {
  // A position that only moved over what is others' can always be done over.
  const redoable = follower.redoable || events.length === 0;
  try {
    await db.transaction(async (tx) => {
      await moveCheckpoint(tx, follower, { from, to: upTo, redoable });
      if (events.length > 0) await follower.apply(tx, events);
    });
    return upTo;
  } catch (error) {
    if (error instanceof Overtaken || error instanceof Stuck || mayPass(error)) throw error;
    throw new Stuck(described(follower, events, error), { cause: error });
  }
};

/** The same, and when it gets stuck then as far as it can, right before what it is stuck on. */
export const stepAsFarAsPossible = async (
  db: Knex,
  follower: Follower,
  from: bigint,
  page: Page<Message>,
): Promise<bigint> => {
  try {
    return await step(db, follower, from, page);
  } catch (error) {
    const { events, upTo } = page;
    const first = events.slice(0, events.length >> 1);
    const last = first.at(-1);
    if (!(error instanceof Stuck) || !last) throw error;
    const half = { events: first, upTo: last.position };
    const at = await stepAsFarAsPossible(db, follower, from, half);
    const rest = { events: events.slice(first.length), upTo };
    return stepAsFarAsPossible(db, follower, at, rest);
  }
};
