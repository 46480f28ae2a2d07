import { setTimeout as pause } from 'node:timers/promises';
import type { WaitingIndex } from '#shared/privacy/ports.ts';
import type { Effect } from '../effect.ts';
import { CALL_WAITING } from './reactions.ts';

/** Views are rarely more than a moment behind; the next attempt may be an hour away. */
const LONGEST_WAIT_MS = 20_000;
const LOOK_EVERY_MS = 50;

/**
 * Has mails and calls tried at once that wait for somebody who was erased: each of them finds that
 * there is nobody to tell any more, puts that on record, and is done. Nobody waits for a day to
 * read that, and no operator has them tried again.
 */
export const callWaiting = ({ waiting }: { readonly waiting: WaitingIndex }): Effect => ({
  kind: CALL_WAITING,
  carryOut: async ({ data: { subjectId = '', position = '0' } }, { signal }) => {
    for (
      let waitedMs = 0;
      !(await waiting.hasReached(BigInt(position)));
      waitedMs += LOOK_EVERY_MS
    ) {
      if (waitedMs >= LONGEST_WAIT_MS)
        throw new Error('The views do not show yet what may wait for them; it comes again');
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
    await waiting.callNow(subjectId);
  },
});
