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

const [ZERO, NINE, POINT, COMMA, NEWLINE, RETURN] = [48, 57, 46, 44, 10, 13];
const [SPACE, LAST, BACKSLASH] = [32, 126, 92];
const NO_ID = Buffer.from('NaN');
const LONGEST_ID = 200;
const LONGEST_AT = 40;
const DOCUMENT = 11;
const WHOLE_DIGITS = 10;
/** No row is shorter: a document, a digit, two commas, and the end of the line. */
const SHORTEST = DOCUMENT + 4;

/** Nothing that would have to be escaped, taken away, or looked at again. */
const isPlain = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < SPACE || byte > LAST || byte === BACKSLASH) return false;
  }
  return bytes[from] !== SPACE && bytes[to - 1] !== SPACE;
};

const digitsIn = (bytes: Uint8Array, from: number, to: number): number => {
  let number = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) return -1;
    number = number * 10 + byte - ZERO;
  }
  return number;
};

/** Cents of an amount with two places; -1 for whatever else it may be. */
const centsAt = (bytes: Uint8Array, from: number, to: number): number => {
  const point = to - 3;
  const length = point - from;
  if (length < 1 || length > WHOLE_DIGITS || bytes[point] !== POINT) return -1;
  if (length > 1 && bytes[from] === ZERO) return -1;
  const whole = digitsIn(bytes, from, point);
  const places = digitsIn(bytes, point + 1, to);
  return whole < 0 || places < 0 ? -1 : whole * 100 + places;
};

const isNoId = (bytes: Uint8Array, from: number, to: number): boolean =>
  to === from ||
  (to - from === NO_ID.length && NO_ID.every((byte, nth) => bytes[from + nth] === byte));

const roomFor = (bytes: Uint8Array) => {
  const most = Math.ceil(bytes.length / SHORTEST) + 1;
  const integers = () => new Int32Array(most);
  return {
    ...{ bytes, line: integers(), document: integers(), cents: new Float64Array(most) },
    ...{ idFrom: integers(), idTo: integers(), atFrom: integers(), atTo: integers() },
  };
};

/** Reads whole lines without quotes, of which the first is `line`. */
export const plainReader = ({ places, width }: Columns) => {
  const [idAt = 0, documentAt = 0, amountAt = 0, timeAt = 0] = places;
  /** Where each field begins; the next one begins a comma behind its end. */
  const begins = new Int32Array(width + 1);
  /** Of the line that was parted last: whether it has as many fields as there are columns. */
  let isWhole = false;

  /** Where the line ends that begins there. */
  const parted = (bytes: Uint8Array, from: number): number => {
    let fields = 1;
    let at = from;
    begins[0] = from;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === NEWLINE) break;
      if (byte === COMMA && fields++ < width) begins[fields - 1] = at + 1;
    }
    begins[width] = (at > from && bytes[at - 1] === RETURN ? at - 1 : at) + 1;
    isWhole = fields === width;
    return at;
  };
  const from = (place: number): number => begins[place] ?? 0;
  const to = (place: number): number => (begins[place + 1] ?? 0) - 1;
  const isShort = (place: number, most: number, bytes: Uint8Array) =>
    to(place) - from(place) <= most && isPlain(bytes, from(place), to(place));

  /** The fields that are parted, into the columns; false where they are not plain. */
  const taken = (rows: ReturnType<typeof roomFor>, nth: number): boolean => {
    const { bytes } = rows;
    if (!isWhole || to(documentAt) - from(documentAt) !== DOCUMENT) return false;
    const document = cpfNumberAt(bytes, from(documentAt));
    const cents = centsAt(bytes, from(amountAt), to(amountAt));
    if (document === undefined || cents < 0) return false;
    if (!isShort(idAt, LONGEST_ID, bytes) || !isShort(timeAt, LONGEST_AT, bytes)) return false;
    rows.document[nth] = document;
    rows.cents[nth] = cents;
    rows.idFrom[nth] = from(idAt);
    rows.idTo[nth] = isNoId(bytes, from(idAt), to(idAt)) ? from(idAt) : to(idAt);
    rows.atFrom[nth] = from(timeAt);
    rows.atTo[nth] = to(timeAt);
    return true;
  };

  return (text: string, first: number): PlainLines => {
    // The characters of a text that is part of another take several times as long to get at.
    const bytes = Buffer.from(text);
    const rows = roomFor(bytes);
    const others: OtherLine[] = [];
    let [count, line] = [0, first];
    for (let begin = 0; begin < bytes.length; line++) {
      const end = parted(bytes, begin);
      if (taken(rows, count)) rows.line[count++] = line;
      else others.push({ line, text: bytes.toString('utf8', begin, end) });
      begin = end + 1;
    }
    return { rows: { ...rows, count }, others, lines: line - first };
  };
};
