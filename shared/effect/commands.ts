import type { Instant, Message } from '#shared/kernel/message.ts';

export type EffectCommand =
  | Message<
      'ParkEffect',
      {
        readonly effectId: string;
        readonly kind: string;
        /** The stream it was about. */
        readonly about: string;
        readonly attempts: number;
        readonly error: string;
        /** How often it had been tried afresh before. */
        readonly round: number;
        readonly at: Instant;
      }
    >
  | Message<
      'RetryEffect',
      { readonly effectId: string; readonly by: string; readonly at: Instant }
    >;
