import { cpfNumberAt } from '#shared/kernel/cpf.ts';
import type { PlainRows } from './ports.ts';

/** What is no plain row, for those who look more closely. */
export type OtherLine = { readonly line: number; readonly text: string };

export type PlainLines = {
  readonly rows: PlainRows;
  readonly others: readonly OtherLine[];
  readonly lines: number;
};

/** Where the columns are, and how many there are; `places` are those of id, document, amount, time. */
export type Columns = { readonly places: readonly number[]; readonly width: number };

const [ZERO, NINE, POINT, COMMA, RETURN, SPACE, LAST, BACKSLASH] = [
  48, 57, 46, 44, 13, 32, 126, 92,
];
const LONGEST_ID = 200;
const LONGEST_AT = 40;
const DOCUMENT = 11;
const WHOLE_DIGITS = 10;
/** No row is shorter: a document, a digit, two commas, and the end of the line. */
const SHORTEST = DOCUMENT + 4;

/** Nothing that would have to be escaped, taken away, or looked at again. */
const isPlain = (text: string, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < SPACE || code > LAST || code === BACKSLASH) return false;
  }
  return text.charCodeAt(from) !== SPACE && text.charCodeAt(to - 1) !== SPACE;
};

const digitsIn = (text: string, from: number, to: number): number => {
  let number = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) return -1;
    number = number * 10 + code - ZERO;
  }
  return number;
};

/** Cents of an amount with two places; -1 for whatever else it may be. */
const centsAt = (text: string, from: number, to: number): number => {
  const point = to - 3;
  const length = point - from;
  if (length < 1 || length > WHOLE_DIGITS || text.charCodeAt(point) !== POINT) return -1;
  if (length > 1 && text.charCodeAt(from) === ZERO) return -1;
  const [whole, places] = [digitsIn(text, from, point), digitsIn(text, point + 1, to)];
  return whole < 0 || places < 0 ? -1 : whole * 100 + places;
};

const isNoId = (text: string, from: number, to: number): boolean =>
  to === from || (to - from === 3 && text.startsWith('NaN', from));

const roomFor = (text: string) => {
  const most = Math.ceil(text.length / SHORTEST) + 1;
  const integers = () => new Int32Array(most);
  return {
    ...{ text, line: integers(), document: new Float64Array(most), cents: new Float64Array(most) },
    ...{ idFrom: integers(), idTo: integers(), atFrom: integers(), atTo: integers() },
  };
};

/** Reads whole lines without quotes, of which the first is `line`. */
export const plainReader = ({ places, width }: Columns) => {
  const [idAt = 0, documentAt = 0, amountAt = 0, timeAt = 0] = places;
  /** Where each field begins; the next one begins a comma behind its end. */
  const begins = new Int32Array(width + 1);

  /** Whether there are as many fields as there are columns. */
  const parted = (text: string, from: number, to: number): boolean => {
    let fields = 1;
    begins[0] = from;
    for (let at = from; at < to; at++) {
      if (text.charCodeAt(at) !== COMMA) continue;
      if (fields === width) return false;
      begins[fields++] = at + 1;
    }
    begins[width] = to + 1;
    return fields === width;
  };
  const from = (place: number): number => begins[place] ?? 0;
  const to = (place: number): number => (begins[place + 1] ?? 0) - 1;
  const isShort = (place: number, most: number, text: string) =>
    to(place) - from(place) <= most && isPlain(text, from(place), to(place));

  /** The fields that are parted, into the columns; false where they are not plain. */
  const taken = (rows: ReturnType<typeof roomFor>, nth: number): boolean => {
    const { text } = rows;
    if (to(documentAt) - from(documentAt) !== DOCUMENT) return false;
    const document = cpfNumberAt(text, from(documentAt));
    const cents = centsAt(text, from(amountAt), to(amountAt));
    if (document === undefined || cents < 0) return false;
    if (!isShort(idAt, LONGEST_ID, text) || !isShort(timeAt, LONGEST_AT, text)) return false;
    rows.document[nth] = document;
    rows.cents[nth] = cents;
    rows.idFrom[nth] = from(idAt);
    rows.idTo[nth] = isNoId(text, from(idAt), to(idAt)) ? from(idAt) : to(idAt);
    rows.atFrom[nth] = from(timeAt);
    rows.atTo[nth] = to(timeAt);
    return true;
  };

  return (text: string, first: number): PlainLines => {
    const rows = roomFor(text);
    const others: OtherLine[] = [];
    let [count, line] = [0, first];
    for (let begin = 0; begin < text.length; line++) {
      const found = text.indexOf('\n', begin);
      const end = found < 0 ? text.length : found;
      const stop = end > begin && text.charCodeAt(end - 1) === RETURN ? end - 1 : end;
      if (parted(text, begin, stop) && taken(rows, count)) rows.line[count++] = line;
      else others.push({ line, text: text.slice(begin, end) });
      begin = end + 1;
    }
    return { rows: { ...rows, count }, others, lines: line - first };
  };
};
