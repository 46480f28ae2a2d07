import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';

/** The intent's id, and the name of its stream: `effect-<id>`. */
const effectId = Type.String({ format: 'uuid' });

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
export const effectEvents = contract('effect', {
  /** Given up after the last attempt, or after a failure that no attempt would mend. */
  EffectParked: Type.Object({
    effectId,
    /** What was to be done. */
    kind: Type.String(),
    /** The stream it was about. */
    about: Type.String(),
    attempts: Type.Integer({ minimum: 0 }),
    /** What the last attempt failed of, naming nobody. */
    error: Type.String(),
    /** How often it had been tried afresh before. */
    round: Type.Integer({ minimum: 0 }),
    at: Instant,
  }),
  EffectRetryRequested: Type.Object({
    effectId,
    /** The one that begins with this. */
    round: Type.Integer({ minimum: 1 }),
    by: Type.String(),
    at: Instant,
  }),
});

export type EffectEvent = MessagesIn<typeof effectEvents>;
