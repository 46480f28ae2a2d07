import type { SwapId } from '#shared/ids.ts';
import type { Recorded } from '#shared/kernel/event-store.ts';
import type { Instant, Named } from '#shared/kernel/message.ts';
import type { SwapEvent } from '#shared/swap/events.ts';
import type { Started } from './deciding.ts';

/** Of more the oldest are not asked for again: they are what is nearest to its end anyhow. */
const MOST_WAITING = 10_000;
/** All publications of one transaction together, whoever made them. */
export const MOST_PUBLICATIONS = 10;
/** After all is there that is needed: equipment has to come back as well, and may take its time. */
export const ASK_AGAIN_AFTER_MS = [1_000, 3_000, 9_000, 27_000] as const;
/** Whoever was asked just now may still be about to answer. */
export const LEAST_SILENCE_MS = 500;

type Waiting = {
  readonly started: Started;
  /** Says that nothing more will be done about it. */
  readonly done: () => void;
  /** By their ids: this process knows its own before it reads of them. */
  readonly publications: ReadonlySet<string>;
  /** Set by the first publication; another one gives no more time. */
  readonly answerBy?: Instant;
  readonly askedAt?: Instant;
};
type Published = Named<SwapEvent, 'SwapPublished'>['data'];
/** As far as has been heard of it. */
export type Standing = 'to be asked' | 'asked' | 'over';
export type ToAskAgain = { readonly started: Started; readonly answerBy: Instant };

const askedAgain =
  (now: Instant) =>
  ({ started, answerBy, askedAt = now, publications }: Waiting): readonly ToAskAgain[] => {
    const isSilent = Date.parse(now) - Date.parse(askedAt) >= LEAST_SILENCE_MS;
    const isDue = isSilent && publications.size < MOST_PUBLICATIONS;
    return isDue && answerBy !== undefined && answerBy > now ? [{ started, answerBy }] : [];
  };

/**
 * What was started and has not ended, as the log tells it. Brokers forget what they acknowledged
 * when they are killed, and so do they forget what equipment said: asking again heals both.
 */
export const unanswered = (most = MOST_WAITING) => {
  const all = new Map<SwapId, Waiting>();

  const over = (id: SwapId) => {
    all.get(id)?.done();
    all.delete(id);
  };
  const published = ({ swapId, publicationId, answerBy, at: askedAt }: Published) => {
    const one = all.get(swapId);
    if (!one || one.publications.has(publicationId)) return;
    const publications = new Set([...one.publications, publicationId]);
    all.set(swapId, { answerBy, ...one, publications, askedAt });
  };
  const makeRoom = () => {
    if (all.size < most) return;
    for (const [id, { answerBy }] of all)
      if (answerBy !== undefined) {
        over(id);
        return;
      }
  };

  return {
    begun: (started: Started, done: () => void) => {
      makeRoom();
      all.set(started.data.swapId, { started, done, publications: new Set() });
    },
    standingOf: (id: SwapId): Standing => {
      const one = all.get(id);
      if (!one) return 'over';
      return one.publications.size > 0 ? 'asked' : 'to be asked';
    },
    /** To be told by whoever published it: in the log it may stand behind much that is unread. */
    published,
    heard: ({ type, data }: Recorded<SwapEvent>) => {
      if (type === 'SwapPublished') published(data);
      if (type === 'SwapCompleted' || type === 'SwapFailed' || type === 'SwapExpired')
        over(data.swapId);
    },
    over,
    /** Lets go of those whose time is up: what is left to do about them is to expire. */
    outOfTime: (now: Instant) => {
      for (const [id, { answerBy }] of all) if (answerBy !== undefined && answerBy <= now) over(id);
    },
    toAskAgain: (now: Instant): readonly ToAskAgain[] => [...all.values()].flatMap(askedAgain(now)),
  };
};

/**
 * Is true some times after what `since` says, and not again before that says something else. Times
 * in ms of the performance clock.
 */
export const timesAfter = (since: () => number | undefined) => {
  let seen: number | undefined;
  let past = 0;
  return (now: number): boolean => {
    const from = since();
    if (from === undefined) return false;
    if (from !== seen) [seen, past] = [from, 0];
    const due = ASK_AGAIN_AFTER_MS.filter((ms) => now - from >= ms).length;
    const isTime = due > past;
    past = due;
    return isTime;
  };
};
