import type { StationId, SwapId } from '#shared/ids.ts';
import type { Saying } from '#shared/swap/commands.ts';

/** What was understood of a reply. A garbled one names a transaction at least. */
export type Heard = {
  readonly swapId: SwapId;
  readonly says: Saying;
  /** Whose equipment it is, where it says so. */
  readonly from?: StationId;
};

/** Longer than any sentence of theirs: whatever is longer is not looked at. */
export const LONGEST_REPLY_BYTES = 4_096;
