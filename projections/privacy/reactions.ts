import { erasureEvents } from '#shared/kernel/erasure.ts';
import type { Reaction } from '../reaction.ts';

/** What carries it out. */
export const CALL_WAITING = 'call-what-waits-for-erased';

/** What waits for somebody who was erased is come to an end at once, and its end is on record. */
export const callWhatWaitsForErased: Reaction<(typeof erasureEvents)['schemas']> = {
  name: 'call-what-waits-for-erased',
  events: erasureEvents,
  begin: 'beginning',
  on: {
    PersonalDataErased: ({ data: { subjectId }, position }) => ({
      kind: CALL_WAITING,
      stream: `erasure-${subjectId}`,
      data: { subjectId, position: String(position) },
    }),
  },
};
