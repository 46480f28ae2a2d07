import { StationId, SwapId } from '#shared/ids.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

const about = { swapId: SwapId, at: Instant };

/** As it came, up to a bound. In base64 where it is no text, or text that cannot be kept. */
const raw = {
  payload: Type.String(),
  encoding: oneOf(['utf8', 'base64']),
  /** Of the whole, though only its beginning may have been kept. */
  bytes: Type.Integer({ minimum: 0 }),
};

const reply = {
  ...about,
  ...raw,
  /** The delivery that it came with: the same one is taken once. */
  deliveryId: Type.String(),
};

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
export const swapEvents = contract('swap', {
  SwapStarted: Type.Object({
    ...about,
    number: Type.Integer({ minimum: 1 }),
    stationId: StationId,
    protocol: oneOf(['text', 'json']),
  }),
  /** The broker has taken the request. It may happen again, and is then on record again. */
  SwapPublished: Type.Object({
    ...about,
    publicationId: Type.String(),
    gateway: Type.String(),
    /** From then on no answer is waited for. */
    answerBy: Instant,
  }),
  SwapCompleted: Type.Object(reply),
  SwapFailed: Type.Object(reply),
  SwapExpired: Type.Object(about),
  EquipmentReplyIgnored: Type.Object({
    ...reply,
    why: oneOf(['duplicate', 'contradictory', 'late', 'garbled']),
  }),
});
export type SwapEvent = MessagesIn<typeof swapEvents>;

/** Which numbers have been given away, whether or not anything came of them. */
export const swapNumberEvents = contract('swapNumbers', {
  SwapNumbersTaken: Type.Object({
    from: Type.Integer({ minimum: 1 }),
    to: Type.Integer({ minimum: 1 }),
    at: Instant,
  }),
});

/** What a station is busy with, so that it is not removed under somebody's hands. */
export const stationSwapEvents = contract('stationSwaps', {
  SwapAdmitted: Type.Object({ stationId: StationId, swapId: SwapId, at: Instant }),
  /** They have ended, or never came to be: nobody need look at them again. */
  SwapsSettled: Type.Object({ stationId: StationId, swapIds: Type.Array(SwapId), at: Instant }),
  StationVacated: Type.Object({ stationId: StationId, at: Instant }),
});
export type StationSwapEvent = MessagesIn<typeof stationSwapEvents>;

/** What equipment sent, and belongs to no transaction. One stream for each day, in UTC. */
export const equipmentUnmatchedEvents = contract('equipmentUnmatched', {
  EquipmentReplyUnmatched: Type.Object({
    ...raw,
    topic: Type.String(),
    deliveryId: Type.String(),
    why: oneOf(['garbled', 'unknown-number', 'other-station']),
    at: Instant,
  }),
});
export type EquipmentUnmatchedEvent = MessagesIn<typeof equipmentUnmatchedEvents>;
