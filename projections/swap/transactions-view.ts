import type { Recorded } from '#shared/kernel/event-store.ts';
import { swapEvents, type SwapEvent } from '#shared/swap/events.ts';
import {
  transactionsTable,
  transactionsView,
  type ReplyShown,
  type TransactionRow,
} from '#shared/swap/view.ts';
import type { View } from '../view.ts';

type TransactionsView = View<(typeof swapEvents)['schemas'], TransactionRow>;

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

const evolve: TransactionsView['evolve'] = (row, event) => {
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

export const transactions: TransactionsView = {
  name: transactionsView,
  version: 1,
  table: transactionsTable,
  key: 'swap_id',
  events: swapEvents,
  columns: (table) => {
    table.uuid('swap_id').primary();
    table.bigint('number').notNullable();
    table.uuid('station_id').notNullable();
    table.text('status').notNullable();
    table.timestamp('started_at').notNullable();
    table.timestamp('decided_at');
    // Not jsonb: what equipment sent is shown as it came, key order and all.
    table.json('replies').notNullable();
    table.bigint('position').notNullable();
    table.integer('revision').notNullable();
    table.index(['position']);
    table.index(['station_id', 'position']);
    table.index(['status', 'position']);
  },
  keyOf: ({ data }) => data.swapId,
  evolve,
};
