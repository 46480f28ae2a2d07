import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import {
  projectionTable,
  REBUILD_STALE_SECONDS,
  type RebuildProgress,
} from '#shared/platform/checkpoint.ts';

const BEAT_MS = 1_000;

export class AlreadyRebuilding extends Error {
  override readonly name = 'AlreadyRebuilding';
  constructor(view: string) {
    super(
      `View ${view} is being rebuilt already, or a rebuild of it was killed just now: ` +
        `see "lastro status", and try again in ${REBUILD_STALE_SECONDS} seconds`,
    );
  }
}

export class NoSuchView extends Error {
  override readonly name = 'NoSuchView';
  constructor(view: string) {
    super(`View ${view} has never run here: start the projections once, then try again`);
  }
}

/** What stays on show of a rebuild that nobody is at. */
export type PutDown = RebuildProgress & { readonly error?: string };

export type Lease = {
  readonly owner: string;
  /** Aborted when somebody else took over: this process must have been stopped for a while. */
  readonly lost: AbortSignal;
  readonly end: (left?: PutDown) => Promise<void>;
};

const FREE = `(rebuild is null or rebuild->>'owner' is null
  or (rebuild->>'at')::timestamptz < now() - interval '${REBUILD_STALE_SECONDS} s')`;

/**
 * One rebuild of a view at a time, with its progress on show: a beat each second says that it is
 * alive and how far it has got, and `onBeat` may give a reason to stop.
 * @throws {AlreadyRebuilding | NoSuchView}
 */
export const leaseOf = async (
  db: Knex,
  name: string,
  progress: () => RebuildProgress,
  onBeat: () => Promise<Error | undefined> = () => Promise.resolve(undefined),
): Promise<Lease> => {
  const owner = randomUUID();
  const lost = new AbortController();
  const written = () => JSON.stringify({ ...progress(), owner });
  const stamped = `jsonb_set(?::jsonb, '{at}', to_jsonb(now()))`;
  const mine = (tx: Knex) =>
    tx(projectionTable).where({ name }).whereRaw(`rebuild->>'owner' = ?`, [owner]);

  const taken = await db(projectionTable)
    .where({ name })
    .whereRaw(FREE)
    .update({ rebuild: db.raw(stamped, [written()]) });
  if (taken === 0) {
    const known: unknown = await db(projectionTable).where({ name }).first('name');
    throw known === undefined ? new NoSuchView(name) : new AlreadyRebuilding(name);
  }

  const once = async (): Promise<void> => {
    const kept = await mine(db).update({ rebuild: db.raw(stamped, [written()]) });
    const stop = kept === 0 ? new AlreadyRebuilding(name) : await onBeat();
    if (stop) lost.abort(stop);
  };
  let beat: Promise<unknown> = Promise.resolve();
  const beating = setInterval(() => {
    // A database that is away for a moment is away for the rebuild too: it will hear of it.
    beat = beat.then(once).catch(() => undefined);
  }, BEAT_MS);

  return {
    owner,
    lost: lost.signal,
    end: async (left) => {
      clearInterval(beating);
      await beat;
      await mine(db).update({ rebuild: left ? JSON.stringify(left) : null });
    },
  };
};
