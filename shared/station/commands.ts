import type { Static } from 'typebox';
import type { StationId } from '#shared/ids.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';
import { closed, oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

/** The form in which its equipment speaks: two sentences, or JSON with a correlation id. */
export type Protocol = Static<typeof Protocol>;
export const Protocol = oneOf(['text', 'json']);
export const USUAL_PROTOCOL: Protocol = 'text';

const Description = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });

export type Registration = Static<typeof Registration>;
export const Registration = closed({
  description: Description,
  batteryAvailable: Type.Optional(Type.Boolean()),
  protocol: Type.Optional(Protocol),
});

export type Change = Static<typeof Change>;
export const Change = closed({
  description: Type.Optional(Description),
  batteryAvailable: Type.Optional(Type.Boolean()),
  protocol: Type.Optional(Protocol),
});

export type StationCommand =
  | Message<
      'RegisterStation',
      {
        readonly stationId: StationId;
        readonly description: string;
        readonly batteryAvailable: boolean;
        readonly protocol: Protocol;
        readonly at: Instant;
      }
    >
  | Message<'ChangeStation', Change & { readonly stationId: StationId; readonly at: Instant }>
  | Message<'RemoveStation', { readonly stationId: StationId; readonly at: Instant }>;
