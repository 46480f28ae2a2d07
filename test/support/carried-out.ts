import { derivedId } from '#shared/kernel/identity.ts';
import type { Effect } from '../../projections/effect.ts';
import type { Intent } from '../../projections/reaction.ts';

const LONGEST_MS = 60_000;

/** One attempt at what a reaction wants, without a queue; made again, it is the same intent. */
export const carriedOut = (effect: Effect, intent: Intent | undefined): Promise<void> => {
  if (!intent) throw new Error('There is nothing to carry out');
  const { kind, stream, data } = intent;
  const id = derivedId('intent', kind, stream);
  const signal = AbortSignal.timeout(LONGEST_MS);
  const pending = { id, kind, stream, data, eventId: id, correlationId: 'spec' };
  return effect.carryOut(pending, { attempt: 1, signal, idempotencyKey: id });
};
