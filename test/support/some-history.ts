import { SEALS, sealEvents } from '#shared/audit/events.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { Instant, Meta } from '#shared/kernel/message.ts';
import { broken, made, thingEvents } from '#shared/testing/a-thing.ts';
import { meta } from '#shared/testing/recorded.ts';

/** Who did something, and when: `2026-01-15T12:00:00.000Z`. */
export type Doing = { readonly by?: string; readonly at?: string; readonly because?: string };

const metaOf = (command: string, { by = 'ana', at, because = 'a-request' }: Doing): Meta => ({
  ...meta,
  commandId: command,
  correlationId: because,
  causationId: command,
  actor: { id: by, role: 'analyst' },
  ...(at !== undefined && { at: at as Instant }),
});

/** Puts things on record as whoever is named; the events' ids follow from `command`. */
export const history = (eventStore: EventStore) => ({
  make: (stream: string, doing: Doing = {}) =>
    eventStore.append(stream, thingEvents, [made()], {
      expected: 'no-stream',
      meta: metaOf(`make ${stream}`, doing),
    }),
  break: (stream: string, doing: Doing = {}) =>
    eventStore.append(stream, thingEvents, [broken()], {
      expected: 0n,
      meta: metaOf(`break ${stream}`, doing),
    }),
  /** A seal of nobody knows what: it is there to be a milestone. */
  seal: (to: bigint, at: string) =>
    eventStore.append(
      SEALS,
      sealEvents,
      [
        {
          type: 'SealMade',
          data: { from: null, to: String(to), events: 1, root: '0'.repeat(64), previous: null },
        },
      ],
      { expected: 'no-stream', meta: metaOf('seal', { at }) },
    ),
});
