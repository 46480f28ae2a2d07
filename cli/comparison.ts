import { isSame, type Comparison, type Difference } from '../projections/compare.ts';

const rowInWords = (row: Difference['live']) => (row ? JSON.stringify(row) : 'no row');

const inWords = ({ key, live, rebuilt }: Difference) =>
  `  ${key}\n    live     ${rowInWords(live)}\n    rebuilt  ${rowInWords(rebuilt)}`;

/** Counts, and the first differences in full. */
export const comparisonInWords = (comparison: Comparison | undefined) => {
  if (!comparison) return 'nothing to compare with';
  const { rows, onlyLive, onlyRebuilt, different, first } = comparison;
  if (isSame(comparison)) return `${rows.live} rows, 0 differences`;
  const counts = `${different} differ, ${onlyLive} only live, ${onlyRebuilt} only rebuilt`;
  return [`${rows.live} rows, ${counts}`, ...first.map(inWords)].join('\n');
};
