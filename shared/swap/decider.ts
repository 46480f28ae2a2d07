import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { StationId } from '#shared/ids.ts';
import type { Saying, SwapCommand } from './commands.ts';
import type { SwapEvent } from './events.ts';

/** So many replies that change nothing are kept of one transaction; a flood of them is not. */
export const MOST_KEPT_REPLIES = 200;

type FinalStatus = 'COMPLETED' | 'FAILED' | 'EXPIRED';
type Ignored = Named<SwapEvent, 'EquipmentReplyIgnored'>['data']['why'];

type Request = {
  readonly number: number;
  readonly stationId: StationId;
  readonly publications: readonly string[];
  readonly deliveries: readonly string[];
};

export type Swap =
  | { readonly status: 'none' }
  | ({ readonly status: 'PENDING' } & Request)
  | ({ readonly status: FinalStatus } & Request);

export type SwapRefusal =
  | 'transaction-not-found'
  | 'transaction-already-started'
  | 'transaction-of-another-station'
  /** Said by whoever knows the station, when one is to be started there. */
  | 'station-not-found'
  | 'no-battery-available';

type Outcome = Decision<SwapEvent, SwapRefusal>;

const VERDICTS: Readonly<Record<Exclude<Saying, 'garbled'>, FinalStatus>> = {
  confirm: 'COMPLETED',
  error: 'FAILED',
};

const whyIgnored = (says: Saying, status: FinalStatus | 'PENDING'): Ignored => {
  if (says === 'garbled') return 'garbled';
  if (status === 'EXPIRED') return 'late';
  return VERDICTS[says] === status ? 'duplicate' : 'contradictory';
};

/** The first that can be understood decides; whatever comes after it is kept, and changes nothing. */
const hear = ({ data }: Named<SwapCommand, 'HearReply'>, swap: Swap): Outcome => {
  const { says, from, ...reply } = data;
  if (swap.status === 'none') return refuse('transaction-not-found');
  if (from !== undefined && from !== swap.stationId)
    return refuse('transaction-of-another-station');
  if (swap.deliveries.includes(reply.deliveryId)) return accept();
  if (swap.status === 'PENDING' && says === 'confirm')
    return accept({ type: 'SwapCompleted', data: reply });
  if (swap.status === 'PENDING' && says === 'error')
    return accept({ type: 'SwapFailed', data: reply });
  if (swap.deliveries.length >= MOST_KEPT_REPLIES) return accept();
  const why = whyIgnored(says, swap.status);
  return accept({ type: 'EquipmentReplyIgnored', data: { ...reply, why } });
};

/** A reply may have been faster than our own record: what was published stays on record then too. */
const published = ({ data }: Named<SwapCommand, 'RecordPublication'>, swap: Swap): Outcome => {
  if (swap.status === 'none') return refuse('transaction-not-found');
  if (swap.publications.includes(data.publicationId)) return accept();
  return accept({ type: 'SwapPublished', data });
};

const decide = (command: SwapCommand, swap: Swap): Outcome => {
  switch (command.type) {
    case 'StartSwap':
      return swap.status === 'none'
        ? accept({ type: 'SwapStarted', data: command.data })
        : refuse('transaction-already-started');
    case 'RecordPublication':
      return published(command, swap);
    case 'HearReply':
      return hear(command, swap);
    case 'ExpireSwap':
      if (swap.status === 'none') return refuse('transaction-not-found');
      return swap.status === 'PENDING'
        ? accept({ type: 'SwapExpired', data: command.data })
        : accept();
  }
};

const replied = (swap: Exclude<Swap, { status: 'none' }>, deliveryId: string) => ({
  ...swap,
  deliveries: [...swap.deliveries, deliveryId],
});

const evolve = (swap: Swap, { type, data }: SwapEvent): Swap => {
  if (type === 'SwapStarted') {
    const { number, stationId } = data;
    return { status: 'PENDING', number, stationId, publications: [], deliveries: [] };
  }
  if (swap.status === 'none') return swap;
  switch (type) {
    case 'SwapPublished':
      return { ...swap, publications: [...swap.publications, data.publicationId] };
    case 'SwapCompleted':
      return { ...replied(swap, data.deliveryId), status: 'COMPLETED' };
    case 'SwapFailed':
      return { ...replied(swap, data.deliveryId), status: 'FAILED' };
    case 'SwapExpired':
      return { ...swap, status: 'EXPIRED' };
    case 'EquipmentReplyIgnored':
      return replied(swap, data.deliveryId);
  }
};

/** One transaction at a station, from its start to the only status that is final. */
export const swap: Decider<Swap, SwapCommand, SwapEvent, SwapRefusal> = {
  initialState: { status: 'none' },
  decide,
  evolve,
};
