import { conciliationEvents } from '#shared/conciliation/events.ts';
import type { Reaction } from '../reaction.ts';

/** What carries it out. */
export const CONCILIATE = 'conciliate';

const nothing = () => undefined;

/** Every statement that was taken is set against the log, be it taken before we first look. */
export const conciliateStatements: Reaction<(typeof conciliationEvents)['schemas']> = {
  name: 'conciliate-statements',
  events: conciliationEvents,
  begin: 'beginning',
  on: {
    ConciliationStarted: ({ stream, data: { conciliationId } }) => ({
      ...{ kind: CONCILIATE, stream, data: { conciliationId } },
      // One after the other: each of them takes what memory and processors there are.
      sequence: 'conciliations',
    }),
    ConciliationCompleted: nothing,
    ConciliationFailed: nothing,
  },
};
