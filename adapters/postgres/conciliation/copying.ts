import {
  LENGTH_OF_SUBJECT,
  type KeptPlainRows,
  type KeptRow,
  type SealedDocuments,
} from '#shared/conciliation/ports.ts';

// Rows of a statement as COPY takes them in its binary form: of each row how many fields it has,
// and of each field how many bytes it has, and these. As text, the server would take longer to
// make IDs and numbers of them than for all else that it does with a row.

export const COLUMNS = 'line, reason, id, subject, amount, at, again';
const FIELDS = 7;
const [INTEGER, BIGINT, BOOLEAN, NULL] = [4, 8, 1, -1] as const;

/** Before the first row: what it is, no flags, and no extension. */
export const FIRST_BYTES = Buffer.from('PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** Behind the last one. */
export const LAST_BYTES = Buffer.from([0xff, 0xff]);

const integer = (value: number): Buffer => {
  const bytes = Buffer.alloc(INTEGER);
  bytes.writeInt32BE(value);
  return bytes;
};
const bigint = (value: number): Buffer => {
  const bytes = Buffer.alloc(BIGINT);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};
const text = (value: string | undefined) => (value === undefined ? undefined : Buffer.from(value));
const uuid = (value: string | undefined) =>
  value === undefined ? undefined : Buffer.from(value.replaceAll('-', ''), 'hex');

export const copied = (row: KeptRow): Buffer => {
  const { line, unreadable, id, subjectId, amountInCents = 0, at, again = false } = row;
  const fields = [
    ...[integer(line), text(unreadable), text(id), uuid(subjectId)],
    ...[bigint(amountInCents), text(at), Buffer.from([again ? 1 : 0])],
  ];
  const parts = fields.flatMap((field) =>
    field ? [integer(field.length), field] : [integer(NULL)],
  );
  return Buffer.concat([Buffer.from([0, FIELDS]), ...parts]);
};

/** As text: there are few of them. */
export const copiedBlock = ({ subjectIds, sealed }: SealedDocuments): Buffer =>
  Buffer.from(`{${subjectIds.join(',')}}\t${sealed}\n`);

/** How many fields there are, their lengths, and all of them but ids and times. */
const LARGEST_BESIDE_BYTES = 2 + FIELDS * INTEGER + INTEGER + LENGTH_OF_SUBJECT + BIGINT + BOOLEAN;

/** What is written so far. Functions of its own would be made anew for each piece, and cost more. */
type Written = { readonly bytes: Buffer; end: number };

/** Some tens of bytes: to have them copied by somebody else would take longer. */
const addBytes = (to: Written, from: Uint8Array, begin: number, end: number): void => {
  const { bytes } = to;
  let at = to.end;
  for (let nth = begin; nth < end; nth++) bytes[at++] = from[nth] ?? 0;
  to.end = at;
};

const addInteger = (to: Written, value: number): void => {
  const { bytes, end } = to;
  bytes[end] = value >>> 24;
  bytes[end + 1] = value >>> 16;
  bytes[end + 2] = value >>> 8;
  bytes[end + 3] = value;
  to.end = end + INTEGER;
};

const addField = (to: Written, from: Uint8Array, begin: number, end: number): void => {
  addInteger(to, end - begin);
  addBytes(to, from, begin, end);
};

type Column = Int32Array | Float64Array;
const of = (column: Column, nth: number): number => column[nth] ?? 0;

const addRow = (to: Written, rows: KeptPlainRows, nth: number): void => {
  const { bytes, subjectIds } = rows;
  const idFrom = of(rows.idFrom, nth);
  const idTo = of(rows.idTo, nth);
  const subject = of(rows.person, nth) * LENGTH_OF_SUBJECT;
  const cents = of(rows.cents, nth);
  to.bytes[to.end++] = 0;
  to.bytes[to.end++] = FIELDS;
  addInteger(to, INTEGER);
  addInteger(to, of(rows.line, nth));
  addInteger(to, NULL);
  if (idFrom === idTo) addInteger(to, NULL);
  else addField(to, bytes, idFrom, idTo);
  addField(to, subjectIds, subject, subject + LENGTH_OF_SUBJECT);
  addInteger(to, BIGINT);
  addInteger(to, Math.floor(cents / 2 ** 32));
  addInteger(to, cents % 2 ** 32);
  // A partner's time that is empty is no less a time.
  addField(to, bytes, of(rows.atFrom, nth), of(rows.atTo, nth));
  addInteger(to, BOOLEAN);
  to.bytes[to.end++] = rows.again[nth] ?? 0;
};

/** Byte by byte: piece by piece, a million rows would be made twice and thrown away twice. */
export const copiedPlain = (rows: KeptPlainRows): Buffer => {
  const largest = rows.bytes.length + rows.count * LARGEST_BESIDE_BYTES;
  const to: Written = { bytes: Buffer.allocUnsafe(largest), end: 0 };
  for (let nth = 0; nth < rows.count; nth++) addRow(to, rows, nth);
  return to.bytes.subarray(0, to.end);
};
