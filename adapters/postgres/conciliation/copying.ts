import type { KeptPlainRows, KeptRow } from '#shared/conciliation/ports.ts';

// Rows of a statement as COPY takes them: tabs part fields, line ends part rows.

export const COLUMNS = 'line, reason, id, subject, amount, at, document, again';
const NULL = '\\N';

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' },
};
const escaped = (text: string): string =>
  text.replaceAll(/[\\\t\n\r]/g, (one) => ESCAPES[one] ?? one);
const orNull = (text: string | undefined): string => (text === undefined ? NULL : escaped(text));

export const copied = (row: KeptRow): string => {
  const { line, unreadable, id, subjectId, amountInCents, at, document, again } = row;
  const said = [unreadable ?? NULL, orNull(id), subjectId ?? NULL, amountInCents ?? 0, orNull(at)];
  return `${[line, ...said, document ?? NULL, again ? 't' : 'f'].join('\t')}\n`;
};

const [ZERO, TAB, NEWLINE, BACKSLASH, CAPITAL_N, TRUE, FALSE] = [48, 9, 10, 92, 78, 116, 102];
/** A line, an amount, a person, what is null, and what parts them; ids and times are in the text. */
const LARGEST_BESIDE_TEXT = 10 + 16 + 36 + 20;

/** What is written so far. Functions of its own would be made anew for each piece, and cost more. */
type Written = { readonly bytes: Buffer; end: number };

/** ASCII only, as plain rows are. */
const addText = (to: Written, from: string, begin: number, end: number): void => {
  const { bytes } = to;
  let at = to.end;
  for (let nth = begin; nth < end; nth++) bytes[at++] = from.charCodeAt(nth);
  to.end = at;
};

const addByte = (to: Written, value: number): void => {
  to.bytes[to.end++] = value;
};

const addNumber = (to: Written, value: number): void => {
  let digits = 1;
  for (let rest = value; rest >= 10; rest /= 10) digits += 1;
  const begin = to.end;
  to.end += digits;
  let rest = value;
  for (let place = to.end - 1; place >= begin; place--) {
    const next = Math.floor(rest / 10);
    to.bytes[place] = ZERO + rest - next * 10;
    rest = next;
  }
};

const addNothing = (to: Written): void => {
  addByte(to, BACKSLASH);
  addByte(to, CAPITAL_N);
};

const roomFor = ({ count, text, documents }: KeptPlainRows): number => {
  let sealed = 0;
  for (const document of documents) sealed += document?.length ?? 0;
  return text.length + sealed + count * LARGEST_BESIDE_TEXT;
};

const addField = (to: Written, text: string, begin: number, end: number): void => {
  if (begin === end) addNothing(to);
  else addText(to, text, begin, end);
  addByte(to, TAB);
};

type Column = Int32Array | Float64Array;
const of = (column: Column, nth: number): number => column[nth] ?? 0;

const addRow = (to: Written, rows: KeptPlainRows, nth: number): void => {
  const { text } = rows;
  const subject = rows.subjectIds[nth] ?? '';
  const document = rows.documents[nth] ?? '';
  addNumber(to, of(rows.line, nth));
  addByte(to, TAB);
  addNothing(to);
  addByte(to, TAB);
  addField(to, text, of(rows.idFrom, nth), of(rows.idTo, nth));
  addField(to, subject, 0, subject.length);
  addNumber(to, of(rows.cents, nth));
  addByte(to, TAB);
  // A partner's time that is empty is no less a time.
  addText(to, text, of(rows.atFrom, nth), of(rows.atTo, nth));
  addByte(to, TAB);
  addField(to, document, 0, document.length);
  addByte(to, rows.again[nth] ? TRUE : FALSE);
  addByte(to, NEWLINE);
};

/** Byte by byte: as text, a million rows would be made twice and thrown away twice. */
export const copiedPlain = (rows: KeptPlainRows): Buffer => {
  const to: Written = { bytes: Buffer.allocUnsafe(roomFor(rows)), end: 0 };
  for (let nth = 0; nth < rows.count; nth++) addRow(to, rows, nth);
  return to.bytes.subarray(0, to.end);
};
