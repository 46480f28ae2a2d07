import { amountText } from '#shared/kernel/money.ts';
import type { Matched, SideSums } from './commands.ts';

const inWords = ({ rows, amountInCents, identity }: SideSums): string =>
  `${rows} rows, ${amountText(amountInCents)} (${identity})`;

const isSame = (one: SideSums, other: SideSums): boolean =>
  one.rows === other.rows &&
  one.amountInCents === other.amountInCents &&
  one.identity === other.identity;

/** Whether what is left of either side is the same, row by row. */
export const isEven = ({ pairs: { ours, theirs } }: Pick<Matched, 'pairs'>): boolean =>
  ours.rows === theirs.rows &&
  ours.amountInCents === theirs.amountInCents &&
  ours.fingerprint === theirs.fingerprint;

/** What does not come out even; nothing when each row is in one category and no cent is lost. */
export const imbalanceOf = (matched: Matched): string | undefined => {
  const { categorised, read, categories, pairs } = matched;
  const sides = (['ours', 'theirs'] as const).filter(
    (side) => !isSame(categorised[side], read[side]),
  );
  const [side] = sides;
  if (side) {
    const [held, was] = [categorised[side], read[side]].map(inWords);
    return `Of ${side}, the categories hold ${held ?? ''}, and ${was ?? ''} were read`;
  }
  if (!isEven(matched)) {
    const [ours, theirs] = [inWords(pairs.ours), inWords(pairs.theirs)];
    return `What no item is about is not the same: ${ours} of ours, ${theirs} of theirs`;
  }
  const rows = (name: 'ourRows' | 'theirRows' | 'oursInCents' | 'theirsInCents') =>
    categories.reduce((sum, category) => sum + category[name], 0);
  const adds =
    rows('ourRows') === read.ours.rows &&
    rows('theirRows') === read.theirs.rows &&
    rows('oursInCents') === read.ours.amountInCents &&
    rows('theirsInCents') === read.theirs.amountInCents;
  return adds ? undefined : 'The categories do not add up to what was read';
};
