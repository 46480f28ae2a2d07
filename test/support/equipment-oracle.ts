import type { SwapEvent } from '#shared/swap/events.ts';
import type { Said } from '../../embedded/equipment/answers.ts';
import type { Sent } from './a-witness.ts';

/**
 * `overdue`: it expired though its equipment answers in time, and the answer is on record, as one
 * that was too late: something between them was too slow. `lost`: so it did, and there is no answer.
 * `open`: it has no end.
 */
export type Judgement = 'right' | 'wrong' | 'overdue' | 'lost' | 'open';

const VERDICTS = { SwapCompleted: 'confirm', SwapFailed: 'error' } as const;
type End = Extract<SwapEvent, { type: 'SwapCompleted' | 'SwapFailed' | 'SwapExpired' }>;

const isEnd = (event: SwapEvent): event is End =>
  event.type === 'SwapExpired' || event.type in VERDICTS;

const isKeptAsLate = (event: SwapEvent): boolean =>
  event.type === 'EquipmentReplyIgnored' && event.data.why === 'late';

/** What its equipment says that can be understood, and before it is too late. */
const inTime = (plan: readonly Said[]) =>
  plan.filter(({ says, afterMs }) => says !== 'garbled' && afterMs < Infinity);

export const isAnswered = (plan: readonly Said[]): boolean => inTime(plan).length > 0;

/**
 * Whether a transaction ended as it had to: as its equipment means to answer, in words that it is
 * known to have said. Where it contradicts itself, either is right, since either may come first.
 */
export const judged = (
  events: readonly SwapEvent[],
  plan: readonly Said[],
  sent: readonly Sent[],
): Judgement => {
  const [end, ...others] = events.filter(isEnd);
  if (!end) return 'open';
  if (others.length > 0) return 'wrong';
  if (end.type === 'SwapExpired') {
    if (!isAnswered(plan)) return 'right';
    return events.some(isKeptAsLate) ? 'overdue' : 'lost';
  }
  const { payload } = end.data;
  const verdict = VERDICTS[end.type];
  const isMeant = inTime(plan).some(({ says }) => says === verdict);
  const isSaid = sent.some((one) => one.says === verdict && one.payload === payload);
  return isMeant && isSaid ? 'right' : 'wrong';
};

const timeOf = (at: string | number) => new Date(at).toISOString().slice(11, 23);

/** What happened to a transaction, and what its equipment said of it: for whoever wonders why. */
export const storyOf = (events: readonly SwapEvent[], sent: readonly Sent[]): string =>
  [
    ...events.map(({ type, data }) => {
      const detail = 'why' in data ? data.why : 'gateway' in data ? data.gateway : '';
      return `${timeOf(data.at)} ${type} ${detail}`.trim();
    }),
    ...sent.map(({ says, takenAt }) =>
      takenAt === undefined ? `said ${says}` : `${timeOf(takenAt)} said ${says}`,
    ),
  ]
    .toSorted()
    .join('; ');
