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

/** ASCII only, as plain rows are; whoever makes it knows how much room there has to be. */
const writer = (room: number) => {
  const bytes = Buffer.allocUnsafe(room);
  let at = 0;
  const text = (from: string, begin: number, end: number): void => {
    for (let nth = begin; nth < end; nth++) bytes[at++] = from.charCodeAt(nth);
  };
  const number = (value: number): void => {
    let digits = 1;
    for (let rest = value; rest >= 10; rest /= 10) digits += 1;
    at += digits;
    let rest = value;
    for (let place = at - 1; place >= at - digits; place--) {
      const next = Math.floor(rest / 10);
      bytes[place] = ZERO + rest - next * 10;
      rest = next;
    }
  };
  const byte = (value: number): void => {
    bytes[at++] = value;
  };
  const nothing = (): void => {
    byte(BACKSLASH);
    byte(CAPITAL_N);
  };
  return { text, number, byte, nothing, written: () => bytes.subarray(0, at) };
};

const roomFor = ({ count, text, documents }: KeptPlainRows): number => {
  let sealed = 0;
  for (const document of documents) sealed += document?.length ?? 0;
  return text.length + sealed + count * LARGEST_BESIDE_TEXT;
};

type Writer = ReturnType<typeof writer>;

const field = (out: Writer, text: string, from: number, to: number): void => {
  if (from === to) out.nothing();
  else out.text(text, from, to);
  out.byte(TAB);
};

const copiedRow = (out: Writer, rows: KeptPlainRows, nth: number): void => {
  const column = (values: Int32Array | Float64Array): number => values[nth] ?? 0;
  const {
    text,
    subjectIds: { [nth]: subject = '' },
    documents: { [nth]: document = '' },
  } = rows;
  out.number(column(rows.line));
  out.byte(TAB);
  out.nothing();
  out.byte(TAB);
  field(out, text, column(rows.idFrom), column(rows.idTo));
  field(out, subject, 0, subject.length);
  out.number(column(rows.cents));
  out.byte(TAB);
  // A partner's time that is empty is no less a time.
  out.text(text, column(rows.atFrom), column(rows.atTo));
  out.byte(TAB);
  field(out, document, 0, document.length);
  out.byte(rows.again[nth] ? TRUE : FALSE);
  out.byte(NEWLINE);
};

/** Byte by byte: as text, a million rows would be made twice and thrown away twice. */
export const copiedPlain = (rows: KeptPlainRows): Buffer => {
  const out = writer(roomFor(rows));
  for (let nth = 0; nth < rows.count; nth++) copiedRow(out, rows, nth);
  return out.written();
};
