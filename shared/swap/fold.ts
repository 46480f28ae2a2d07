import type { Fold } from '#shared/kernel/fold.ts';
import type { Recorded } from '#shared/kernel/event-store.ts';
import { swapEvents, type SwapEvent } from './events.ts';
import type { ReplyShown, TransactionRow } from './view.ts';

type TransactionFold = Fold<(typeof swapEvents)['schemas'], TransactionRow>;

const started = ({ data, position, revision }: Recorded<SwapEvent> & { type: 'SwapStarted' }) => ({
  swap_id: data.swapId,
  number: String(data.number),
  station_id: data.stationId,
  status: 'PENDING' as const,
  started_at: new Date(data.at),
  decided_at: null,
  replies: [],
  position: String(position),
  revision: Number(revision),
});

const evolve: TransactionFold['evolve'] = (row, event) => {
  if (event.type === 'SwapStarted') return started(event);
  if (!row) return undefined;
  const revision = Number(event.revision);
  const replied = (at: string, payload: string, verdict: ReplyShown['verdict']) => ({
    ...{ ...row, revision, replies: [...row.replies, { at, payload, verdict }] },
  });

  const { type, data } = event;
  const decided_at = new Date(data.at);
  switch (type) {
    case 'SwapPublished':
      return { ...row, revision };
    case 'SwapCompleted':
      return { ...replied(data.at, data.payload, 'confirm'), status: 'COMPLETED', decided_at };
    case 'SwapFailed':
      return { ...replied(data.at, data.payload, 'error'), status: 'FAILED', decided_at };
    case 'SwapExpired':
      return { ...row, revision, status: 'EXPIRED', decided_at };
    case 'EquipmentReplyIgnored':
      return replied(data.at, data.payload, data.why);
  }
};

export const transactionFold: TransactionFold = {
  streamsOf: (id) => [`swap-${id}`],
  events: swapEvents,
  evolve,
};
