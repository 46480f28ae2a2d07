import escapeHtml from 'escape-html';

export type Bar = { readonly name: string; readonly value: number; readonly isFinding: boolean };

const WIDTH = 720;
const NAMES = 220;
const NUMBERS = 90;
const HEIGHT = 26;
const SHORTEST = 2;

/** Millions beside a handful: the root keeps both to be seen, and the numbers stand beside. */
const lengthOf = (value: number, largest: number): number =>
  value === 0 ? 0 : Math.max(SHORTEST, Math.sqrt(value / largest) * (WIDTH - NAMES - NUMBERS));

const barOf = ({ name, value, isFinding }: Bar, nth: number, largest: number): string => {
  const y = nth * HEIGHT;
  const length = lengthOf(value, largest).toFixed(1);
  return `<text class="name" x="${NAMES - 12}" y="${y + 17}">${escapeHtml(name)}</text>
  <rect class="${isFinding ? 'open' : 'agreed'}" x="${NAMES}" y="${y + 5}" width="${length}" height="${HEIGHT - 10}" rx="3"/>
  <text class="number" x="${NAMES + Number(length) + 8}" y="${y + 17}">${value}</text>`;
};

/** Horizontal bars as SVG, with a scale by the square root. */
export const chartOf = (bars: readonly Bar[], title: string): string => {
  const largest = Math.max(1, ...bars.map(({ value }) => value));
  const drawn = bars.map((bar, nth) => barOf(bar, nth, largest)).join('');
  return `<figure><svg viewBox="0 0 ${WIDTH} ${bars.length * HEIGHT + 4}" role="img" aria-label="${escapeHtml(title)}">${drawn}</svg></figure>`;
};
