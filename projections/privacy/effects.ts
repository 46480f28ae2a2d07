import { setTimeout as pause } from 'node:timers/promises';
import type { WaitingIndex } from '#shared/privacy/ports.ts';
import type { Effect } from '../effect.ts';
import { waitFor } from '../wait-for.ts';
import { CALL_WAITING } from './reactions.ts';

/**
 * Views are rarely more than a moment behind, and attempts rarely take longer than that; the next
 * attempt may be an hour away.
 */
const LONGEST_WAIT_MS = 20_000;
/** Until then a process may still open what is theirs, and would only try to tell them again. */
const FORGOTTEN_WITHIN_MS = 1_500;

/**
 * Has mails and calls tried at once that wait for somebody who was erased: each of them finds that
 * there is nobody to tell any more, puts that on record, and is done. Nobody waits for a day to
 * read that, and no operator has them tried again.
 */
export const callWaiting = ({ waiting }: { readonly waiting: WaitingIndex }): Effect => ({
  kind: CALL_WAITING,
  carryOut: async ({ data: { subjectId = '', position = '0' } }, { signal }) => {
    await pause(FORGOTTEN_WITHIN_MS, undefined, { signal });
    const reached = () => waiting.hasReached(BigInt(position));
    const within = { longestMs: LONGEST_WAIT_MS, signal };
    await waitFor('the views show what may wait for them', reached, within);
    const called = async () => (await waiting.callNow(subjectId)) === 0;
    await waitFor('what was begun before has come to its end', called, within);
  },
});
