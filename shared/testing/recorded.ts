import type { Recorded } from '#shared/kernel/event-store.ts';
import { eventId } from '#shared/kernel/identity.ts';
import type { Instant, Message, Meta } from '#shared/kernel/message.ts';

export const noon = '2026-01-15T12:00:00Z' as Instant;

export const meta: Meta = {
  commandId: 'a-command',
  fingerprint: 'a-body',
  correlationId: 'a-correlation',
  causationId: 'a-cause',
  actor: { id: 'someone', role: 'analyst' },
  at: noon,
};

/** Events as they come out of a store: one stream, in this order. */
export const recorded = <Event extends Message>(
  events: readonly Event[],
  { stream = 'test-1', after = -1, from = 0, by = meta } = {},
): Recorded<Event>[] =>
  events.map((event, index) => ({
    ...event,
    id: eventId(by, stream, index),
    meta: by,
    stream,
    revision: BigInt(after + 1 + index),
    position: BigInt(from + index),
  }));
