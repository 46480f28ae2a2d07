import type { Instant } from '#shared/kernel/message.ts';
import type { EffectCommand } from './commands.ts';
import type { EffectEvent } from './events.ts';

export const anEffect = '0190a1de-0000-5000-8000-0000000000e1';

const at = '2026-01-15T12:00:00.000Z' as Instant;
const parking = {
  effectId: anEffect,
  kind: 'tell-customer',
  about: 'activation-1',
  attempts: 30,
  error: 'No answer',
  round: 0,
  at,
};
const retrying = { effectId: anEffect, by: 'someone', at };

/** One valid example of each message; name only what the spec is about. */
export const parked = (round = 0): EffectEvent => ({
  type: 'EffectParked',
  data: { ...parking, round },
});
export const retryRequested = (round = 1): EffectEvent => ({
  type: 'EffectRetryRequested',
  data: { ...retrying, round },
});

export const park = (round = 0): EffectCommand => ({
  type: 'ParkEffect',
  data: { ...parking, round },
});
export const retry = (): EffectCommand => ({ type: 'RetryEffect', data: retrying });
