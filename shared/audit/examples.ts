import type { SealCommand } from './commands.ts';
import type { SealEvent } from './events.ts';

export const aRoot = 'a'.repeat(64);
export const anotherRoot = 'b'.repeat(64);

/** One valid example of each message; name only what the spec is about. */
export const sealMade = (data: Partial<SealEvent['data']> = {}): SealEvent => ({
  type: 'SealMade',
  data: { from: null, to: '900', events: 4, root: aRoot, previous: null, ...data },
});

export const makeSeal = (data: Partial<SealCommand['data']> = {}): SealCommand => ({
  type: 'MakeSeal',
  data: { from: null, to: '900', events: 4, root: aRoot, ...data },
});
