import { createHash } from 'node:crypto';

export const MODES = [
  ...['random', 'confirm', 'error', 'silent', 'late', 'doubled'],
  ...['contradictory', 'garbled', 'mixed', 'off'],
] as const;
export type Mode =
  | 'random'
  | 'confirm'
  | 'error'
  | 'silent'
  | 'late'
  | 'doubled'
  | 'contradictory'
  | 'garbled'
  | 'mixed'
  | 'off';

export type Verdict = 'confirm' | 'error';
export type Said = { readonly says: Verdict | 'garbled'; readonly afterMs: number };

const CONFIRMED = 0.6;
/** In `mixed`, so many are late, so many doubled, and so on; all others are as they should be. */
const ODD = 0.05;
const ODDITIES = ['late', 'doubled', 'contradictory', 'garbled', 'silent'] as const;
const LONGEST_THOUGHT_MS = 20;

/** From 0 to 1, and the same for the same seed and the same transaction. */
export const chance = (seed: string, transaction: string, about: string): number =>
  createHash('sha256').update(`${seed}/${transaction}/${about}`).digest().readUInt32BE() / 2 ** 32;

const other = (verdict: Verdict): Verdict => (verdict === 'confirm' ? 'error' : 'confirm');

/** What the equipment makes of a transaction, whether or not it says so. */
export const verdictOf = (mode: Mode, seed: string, transaction: string): Verdict => {
  if (mode === 'confirm' || mode === 'error') return mode;
  return chance(seed, transaction, 'verdict') < CONFIRMED ? 'confirm' : 'error';
};

const oddityOf = (mode: Mode, seed: string, transaction: string): Mode => {
  if (mode !== 'mixed') return mode;
  const nth = Math.floor(chance(seed, transaction, 'oddity') / ODD);
  return ODDITIES[nth] ?? 'random';
};

/** All that it says of a transaction, and when: the same every time it is asked. */
export const answersTo = (
  transaction: string,
  { mode, seed, lateMs }: { readonly mode: Mode; readonly seed: string; readonly lateMs: number },
): readonly Said[] => {
  const says = verdictOf(mode, seed, transaction);
  const afterMs = Math.floor(chance(seed, transaction, 'thought') * LONGEST_THOUGHT_MS);
  const usual: Said = { says, afterMs };
  const odd: Partial<Record<Mode, readonly Said[]>> = {
    off: [],
    silent: [],
    late: [{ says, afterMs: lateMs }],
    doubled: [usual, usual],
    contradictory: [usual, { says: other(says), afterMs: afterMs + LONGEST_THOUGHT_MS }],
    garbled: [
      { says: 'garbled', afterMs },
      { says, afterMs: afterMs + LONGEST_THOUGHT_MS },
    ],
  };
  return odd[oddityOf(mode, seed, transaction)] ?? [usual];
};
