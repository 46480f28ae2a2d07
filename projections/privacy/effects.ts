import type { WaitingIndex } from '#shared/privacy/ports.ts';
import type { Effect } from '../effect.ts';
import { CALL_WAITING } from './reactions.ts';

/**
 * Has mails and calls tried at once that wait for somebody who was erased: each of them finds that
 * there is nobody to tell any more, puts that on record, and is done. Nobody waits for a day to
 * read that, and no operator has them tried again.
 */
export const callWaiting = ({ waiting }: { readonly waiting: WaitingIndex }): Effect => ({
  kind: CALL_WAITING,
  carryOut: async ({ data: { subjectId = '', position = '0' } }) => {
    if (!(await waiting.hasReached(BigInt(position))))
      throw new Error('The views do not show yet what may wait for them; it comes again');
    await waiting.callNow(subjectId);
  },
});
