import type { StationId, SwapId } from '#shared/ids.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { Saying, SwapCommand } from './commands.ts';
import type { EquipmentUnmatchedEvent, StationSwapEvent, SwapEvent } from './events.ts';
import { swapIdOf } from './number.ts';
import type { OccupancyCommand } from './occupancy.ts';

export const noon = '2026-01-15T12:00:00.000Z' as Instant;
export const later = '2026-01-15T12:00:30.000Z' as Instant;
export const aSwap = swapIdOf(14);
export const anotherSwap = swapIdOf(15);
export const aStation = '5d0b2a52-3c5e-5a0e-9d0a-000000000501' as StationId;

const about = { swapId: aSwap, at: noon };
const start = { ...about, number: 14, stationId: aStation, protocol: 'text' as 'text' | 'json' };
const publication = { ...about, publicationId: 'first', gateway: 'gateway-1', answerBy: later };
const reply = {
  ...about,
  payload: 'confirm transaction {14}',
  encoding: 'utf8' as const,
  bytes: 24,
  deliveryId: 'delivery-1',
};
type Reply = Partial<typeof reply>;
type Why = 'duplicate' | 'contradictory' | 'late' | 'garbled';

/** One valid example of each message; name only what the spec is about. */
export const started = (data: Partial<typeof start> = {}): SwapEvent => ({
  type: 'SwapStarted',
  data: { ...start, ...data },
});
export const published = (publicationId = 'first'): SwapEvent => ({
  type: 'SwapPublished',
  data: { ...publication, publicationId },
});
export const completed = (data: Reply = {}): SwapEvent => ({
  type: 'SwapCompleted',
  data: { ...reply, ...data },
});
export const failed = (data: Reply = {}): SwapEvent => ({
  type: 'SwapFailed',
  data: { ...reply, ...data },
});
export const expired = (): SwapEvent => ({ type: 'SwapExpired', data: about });
export const ignored = (why: Why, data: Reply = {}): SwapEvent => ({
  type: 'EquipmentReplyIgnored',
  data: { ...reply, deliveryId: 'delivery-2', ...data, why },
});

export const startSwap = (): SwapCommand => ({ type: 'StartSwap', data: start });
export const publish = (publicationId = 'first'): SwapCommand => ({
  type: 'RecordPublication',
  data: { ...publication, publicationId },
});
export const hear = (
  says: Saying,
  deliveryId = 'delivery-1',
  from: StationId = aStation,
): SwapCommand => ({ type: 'HearReply', data: { ...reply, deliveryId, says, from } });
export const expire = (): SwapCommand => ({ type: 'ExpireSwap', data: about });

export const admitted = (swapId: SwapId = aSwap): StationSwapEvent => ({
  type: 'SwapAdmitted',
  data: { stationId: aStation, swapId, at: noon },
});
export const settled = (...swapIds: SwapId[]): StationSwapEvent => ({
  type: 'SwapsSettled',
  data: { stationId: aStation, swapIds, at: noon },
});
export const vacated = (): StationSwapEvent => ({
  type: 'StationVacated',
  data: { stationId: aStation, at: noon },
});
export const admit = (swapId: SwapId = aSwap, ...ended: SwapId[]): OccupancyCommand => ({
  type: 'AdmitSwap',
  data: { stationId: aStation, swapId, settled: ended, at: noon },
});
export const vacate = (...ended: SwapId[]): OccupancyCommand => ({
  type: 'VacateStation',
  data: { stationId: aStation, settled: ended, at: noon },
});

export const unmatched = (): EquipmentUnmatchedEvent => ({
  type: 'EquipmentReplyUnmatched',
  data: {
    ...{ payload: 'bip', encoding: 'utf8', bytes: 3, deliveryId: 'delivery-1' },
    ...{ topic: 'EQUIPMENT/VALIDATION/RESPONSE', why: 'garbled', at: noon },
  },
});
