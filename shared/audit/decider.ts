import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { SealCommand } from './commands.ts';
import type { SealEvent } from './events.ts';

/** Where the chain of seals ends. */
export type SealChain = { readonly to: string | null; readonly root: string | null };

export type SealRefusal = 'nothing-to-seal' | 'seal-out-of-line';

const decide = (
  { data: { from, to, events, root } }: SealCommand,
  { to: end, root: previous }: SealChain,
): Decision<SealEvent, SealRefusal> => {
  if (events === 0) return refuse('nothing-to-seal');
  // A gap would be a stretch that nobody sealed, and an overlap one that was sealed twice.
  if (from !== end) return refuse('seal-out-of-line');
  return accept({ type: 'SealMade', data: { from, to, events, root, previous } });
};

const evolve = (_chain: SealChain, { data: { to, root } }: SealEvent): SealChain => ({ to, root });

/** Each seal begins where the one before ends, and holds its root. */
export const sealChain: Decider<SealChain, SealCommand, SealEvent, SealRefusal> = {
  initialState: { to: null, root: null },
  decide,
  evolve,
};
