import type { SwapEvent } from '#shared/swap/events.ts';
import type { Sent } from './a-witness.ts';

/** `lost`: it expired, though the broker had had a good answer for a while. `open`: it has no end. */
export type Judgement = 'right' | 'wrong' | 'lost' | 'open';

/** What the broker took so shortly before may have been on its way still. */
const ON_ITS_WAY_MS = 2_000;

const VERDICTS = { SwapCompleted: 'confirm', SwapFailed: 'error' } as const;
type End = Extract<SwapEvent, { type: 'SwapCompleted' | 'SwapFailed' | 'SwapExpired' }>;

const isEnd = (event: SwapEvent): event is End =>
  event.type === 'SwapExpired' || event.type in VERDICTS;

/** Whether a transaction ended as it had to, by what its equipment is known to have said of it. */
export const judged = (events: readonly SwapEvent[], sent: readonly Sent[]): Judgement => {
  const [end, ...others] = events.filter(isEnd);
  if (!end) return 'open';
  if (others.length > 0) return 'wrong';
  if (end.type !== 'SwapExpired') {
    const { payload } = end.data;
    const isMeant = (one: Sent) => one.says === VERDICTS[end.type] && one.payload === payload;
    return sent.some(isMeant) ? 'right' : 'wrong';
  }
  const latest = Date.parse(end.data.at) - ON_ITS_WAY_MS;
  const isGood = ({ says, takenAt = Infinity }: Sent) => says !== 'garbled' && takenAt < latest;
  return sent.some(isGood) ? 'lost' : 'right';
};

const timeOf = (at: string | number) => new Date(at).toISOString().slice(11, 23);

/** What happened to a transaction, and what its equipment said of it: for whoever wonders why. */
export const storyOf = (events: readonly SwapEvent[], sent: readonly Sent[]): string =>
  [
    ...events.map(
      ({ type, data }) => `${timeOf(data.at)} ${type} ${'why' in data ? data.why : ''}`,
    ),
    ...sent.map(({ says, takenAt }) =>
      takenAt === undefined ? `said ${says}` : `${timeOf(takenAt)} said ${says}`,
    ),
  ]
    .toSorted()
    .join('; ');
