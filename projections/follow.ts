import { setTimeout as pause } from 'node:timers/promises';
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { BEGINNING, UnknownEvent, type Page } from '#shared/kernel/event-store.ts';
import type { Message } from '#shared/kernel/message.ts';
import {
  Overtaken,
  standingOf,
  troubled,
  unpark,
  type ProjectionKind,
} from '#shared/platform/checkpoint.ts';
import { saidBy } from '#shared/platform/log.ts';
import { batched } from './batches.ts';
import type { Claims } from './claims.ts';
import {
  stepAsFarAsPossible,
  Stuck,
  Superseded,
  type Follower,
  type Following,
} from './follower.ts';
import type { PassOver } from './passing.ts';

/** In milliseconds. */
export type Patience = {
  /** After the first trouble in a row; each further one waits longer, with jitter. */
  readonly first: number;
  readonly longest: number;
  /** How often one looks again whether a claim is free, or parked work may go on. */
  readonly look: number;
};
const PATIENCE: Patience = { first: 200, longest: 30_000, look: 1_000 };

/** One for the process. Without claims nothing is saved, and nothing goes wrong either. */
export type Supervision = Following & {
  readonly claims?: Claims | undefined;
  readonly patience?: Patience | undefined;
  /** How positions move over what is others'; by themselves, if nothing is said. */
  readonly passOver?: PassOver | undefined;
  /** Called for each transaction, with how many events it took. */
  readonly onEvents?: ((name: string, kind: ProjectionKind, count: number) => void) | undefined;
};

const isAbort = (error: unknown) => error instanceof Error && error.name === 'AbortError';

const rest = async (ms: number, signal: AbortSignal): Promise<void> => {
  await pause(ms, undefined, { signal }).catch(() => undefined);
};

/** Until this process is the one that does the work; aborted when it no longer is. */
const claimed = async (
  { claims, patience = PATIENCE }: Supervision,
  name: string,
  signal: AbortSignal,
): Promise<AbortSignal> => {
  if (!claims) return signal;
  while (!signal.aborted) {
    const ours = await claims.take(name);
    if (ours) return AbortSignal.any([signal, ours]);
    await rest(patience.look, signal);
  }
  return signal;
};

const untilUnparked = async (
  { db, patience = PATIENCE }: Supervision,
  name: string,
  signal: AbortSignal,
): Promise<void> => {
  for (let parked = true; parked && !signal.aborted;) {
    await rest(patience.look, signal);
    parked = (await standingOf(db, name))?.parked ?? false;
  }
};

/** @throws {Overtaken} */
const advance = async (
  { db, passOver }: Supervision,
  follower: Follower,
  from: bigint,
  batch: Page<Message>,
): Promise<bigint> => {
  const { name, version } = follower;
  const passed =
    batch.events.length === 0 && (await passOver?.({ name, version, from, to: batch.upTo }));
  return passed ? batch.upTo : stepAsFarAsPossible(db, follower, from, batch);
};

/** From where it stands to the end of the log, and on and on. */
const goOn = async (
  supervision: Supervision,
  follower: Follower,
  signal: AbortSignal,
  onProgress: () => void,
): Promise<void> => {
  const { db, eventStore, onEvents } = supervision;
  await follower.prepare(supervision, signal);
  const standing = await standingOf(db, follower.name);
  if (standing?.parked) {
    await untilUnparked(supervision, follower.name, signal);
    return;
  }
  let position = standing?.position ?? BEGINNING;
  const open = (until: AbortSignal) => eventStore.pages(follower.events, position, until);
  for await (const batch of batched(open, signal)) {
    position = await advance(supervision, follower, position, batch);
    onEvents?.(follower.name, follower.kind, batch.events.length);
    onProgress();
  }
};

/** Says what is wrong, in the log and on the list; the latter may fail of the same trouble. */
const tell = async ({ db, log }: Supervision, { name }: Follower, error: unknown) => {
  const parked = error instanceof Stuck || error instanceof UnknownEvent;
  if (parked)
    log.error(
      { err: error, projection: name },
      `parked: mend what the error says, then restart or run "lastro projections resume ${name}"`,
    );
  else log.warn({ err: error, projection: name }, 'in trouble; goes on by itself');
  await troubled(db, name, { error: saidBy(error), parked }).catch((err: unknown) => {
    log.warn({ err, projection: name }, 'could not put its trouble on the list');
  });
};

/**
 * Keeps something following the log until it is told to stop. Away servers are waited for, lost
 * races are run again; what cannot be read or folded parks this one, loudly, and no other.
 */
export const follow = async (
  supervision: Supervision,
  follower: Follower,
  signal: AbortSignal,
): Promise<void> => {
  const { db, log, patience = PATIENCE } = supervision;
  const calm = new ExponentialBackoff({ initialDelay: patience.first, maxDelay: patience.longest });
  let trouble: IBackoff<unknown> | undefined;
  let started = false;

  const attempt = async (): Promise<void> => {
    const ours = await claimed(supervision, follower.name, signal);
    // What was parked may be mended by now: that may be why somebody started us.
    if (!started) await unpark(db, follower.name);
    started = true;
    if (!ours.aborted) await goOn(supervision, follower, ours, () => (trouble = undefined));
  };

  while (!signal.aborted)
    try {
      await attempt();
    } catch (error) {
      if (error instanceof Overtaken || isAbort(error)) continue;
      if (error instanceof Superseded) {
        log.warn({ err: error, projection: follower.name }, 'left to a newer version');
        return;
      }
      await tell(supervision, follower, error);
      trouble = trouble ? trouble.next(undefined) : calm.next();
      await rest(trouble.duration, signal);
    }
};
