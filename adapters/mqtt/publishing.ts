import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { EventStore, Page, Recorded } from '#shared/kernel/event-store.ts';
import type { Clock, Instant } from '#shared/kernel/message.ts';
import type { Log } from '#shared/platform/log.ts';
import { persistently } from '#shared/platform/persistently.ts';
import { regularly } from '#shared/platform/regularly.ts';
import { swapEvents, type SwapEvent } from '#shared/swap/events.ts';
import type { Message, Version } from './connection.ts';
import type { Started, Swaps } from './deciding.ts';
import { inFlight, progressFrom } from './in-flight.ts';
import { messageFor } from './requests.ts';
import type { TopicMap } from './topics.ts';
import { timesAfter, unanswered, type Standing } from './unanswered.ts';

/** Requests that the broker has not acknowledged yet, or that are not on record yet. */
export const MOST_IN_FLIGHT = 64;
const KEEP_EVERY_MS = 250;

/** How far everything in the log has been asked for and answered, or has run out of time. */
export type Checkpoint = {
  readonly read: () => Promise<bigint>;
  /** @throws when it is not at `from` any more: another process goes on from here. */
  readonly move: (from: bigint, to: bigint) => Promise<void>;
};

export type Publishing = {
  readonly eventStore: EventStore;
  readonly swaps: Swaps;
  readonly checkpoint: Checkpoint;
  /** Resolves when the broker has it. */
  readonly publish: (message: Message, signal: AbortSignal) => Promise<void>;
  /**
   * When the present connection was made, or another gateway was last gone, in ms of the performance
   * clock; nothing while away.
   */
  readonly settledSince: () => number | undefined;
  readonly topics: TopicMap;
  readonly version: Version;
  readonly gateway: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
};

const isStart = (event: Recorded<SwapEvent>): event is Started => event.type === 'SwapStarted';

const after = (at: Instant, ms: number): Instant =>
  new Date(Date.parse(at) + ms).toISOString() as Instant;

/**
 * Publishes one and puts it on record, and says what stands there. The record is tried again
 * without publishing again. Asking again gives no more time than there was.
 */
const askingFor =
  (
    { swaps, publish, topics, version, gateway, timeoutMs, clock, log }: Publishing,
    signal: AbortSignal,
  ) =>
  async (started: Started, answeredBy?: Instant) => {
    const { swapId } = started.data;
    await publish(messageFor(started, topics, version), signal);
    const publicationId = randomUUID();
    const at = clock();
    const answerBy = answeredBy ?? after(at, timeoutMs);
    const data = { swapId, publicationId, gateway, answerBy, at };
    const about = { commandId: publicationId, actor: { id: gateway, role: 'system' }, at };
    const record = () => swaps.decide(swapId, { type: 'RecordPublication', data }, about);
    await persistently('recording a publication', record, { log, signal });
    signal.throwIfAborted();
    return data;
  };

/** Whether somebody has asked already; what has ended meanwhile needs no asking. */
const lookingUp =
  ({ swaps, log }: Publishing, signal: AbortSignal) =>
  async ({ data: { swapId } }: Started): Promise<Standing> => {
    const look = () => swaps.stateOf(swapId);
    const state = await persistently('looking what is published', look, { log, signal });
    signal.throwIfAborted();
    if (state?.status !== 'PENDING') return 'over';
    return state.publications.length > 0 ? 'asked' : 'to be asked';
  };

/** From when on the equipment may be asked again: by whoever has the turn and a connection. */
const readySince = ({ settledSince }: Publishing) => {
  const began = performance.now();
  return (): number | undefined => {
    const settled = settledSince();
    return settled === undefined ? undefined : Math.max(settled, began);
  };
};

/** All that is done about what is found in the log, from where the checkpoint stood. */
const asking = (
  publishing: Publishing,
  { kept, lookUpTo }: { readonly kept: bigint; readonly lookUpTo: bigint },
  { signal, fail }: { readonly signal: AbortSignal; readonly fail: (error: unknown) => void },
) => {
  const { swaps, clock } = publishing;
  const flight = inFlight(MOST_IN_FLIGHT);
  const progress = progressFrom(kept);
  const waiting = unanswered();
  const publish = askingFor(publishing, signal);
  const lookUp = lookingUp(publishing, signal);
  const isTimeToAskAgain = timesAfter(readySince(publishing));

  const ask = async (started: Started, answerBy?: Instant) => {
    waiting.published(await publish(started, answerBy));
  };
  const askUnlessOver = async (started: Started, answerBy: Instant) => {
    if (waiting.standingOf(started.data.swapId) === 'asked') await ask(started, answerBy);
  };
  const begin = async (started: Started) => {
    const { swapId } = started.data;
    if (waiting.standingOf(swapId) !== 'to be asked') return;
    const isNew = started.position > lookUpTo;
    if (isNew) swaps.remember(started);
    const found = isNew ? 'to be asked' : await lookUp(started);
    if (found === 'over') waiting.over(swapId);
    if (found === 'to be asked') await ask(started);
  };

  return {
    /** Hears all of it first: what was asked or has ended on the same page needs no look-up. */
    heard: async ({ events, upTo }: Page<SwapEvent>) => {
      for (const event of events)
        if (isStart(event)) waiting.begun(event, progress.begin(event.position));
        else waiting.heard(event);
      for (const event of events) if (isStart(event)) await flight.add(() => begin(event), fail);
      progress.pass(upTo);
    },
    askAgain: async () => {
      if (!isTimeToAskAgain(performance.now())) return;
      for (const { started, answerBy } of waiting.toAskAgain(clock()))
        await flight.add(() => askUnlessOver(started, answerBy), fail);
    },
    doneUpTo: () => {
      waiting.outOfTime(clock());
      return progress.doneUpTo();
    },
    allDone: flight.allDone,
  };
};

/**
 * Publishes what was started, from where the checkpoint stands, on and on. What was started before
 * now may have been published by a process that was killed: that is looked up, and the rest is not.
 * @throws what made going on impossible; nothing is skipped.
 */
export const publishFromLog = async (
  publishing: Publishing,
  signal: AbortSignal,
): Promise<void> => {
  const { eventStore, checkpoint, log } = publishing;
  let kept = await checkpoint.read();
  const lookUpTo = await eventStore.end();
  const stopping = new AbortController();
  const until = AbortSignal.any([signal, stopping.signal]);
  // Everything in flight listens to it, and that is bounded.
  setMaxListeners(0, until);
  let failure: unknown;
  const fail = (error: unknown) => {
    failure ??= error;
    stopping.abort();
  };
  const work = asking(publishing, { kept, lookUpTo }, { signal: until, fail });

  const keep = async () => {
    const to = work.doneUpTo();
    if (to === kept) return;
    await checkpoint.move(kept, to).catch(fail);
    kept = to;
  };
  const going = { log, signal: until };
  const beside = Promise.all([
    regularly('keeping how far is published', KEEP_EVERY_MS, keep, going),
    regularly('asking again', KEEP_EVERY_MS, work.askAgain, going),
  ]);

  try {
    for await (const page of eventStore.pages(swapEvents, kept, until)) await work.heard(page);
  } finally {
    stopping.abort();
    await work.allDone();
    await beside;
    await keep();
  }
  if (!signal.aborted && failure !== undefined)
    throw new Error('Publishing to equipment was cut off', { cause: failure });
};
