/** What of protobuf there is in messages that are read by hand, because so many of them come. */
const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH_DELIMITED = 2;
const FOUR_BYTES = 5;
const LONGEST_VARINT = 10;

/**
 * Told of a field: where in the bytes its content lies; of a number what it is, as near as a
 * double can say it.
 */
export type Visit = (field: number, from: number, to: number, value: number) => void;

const broken = (): never => {
  throw new RangeError('The message ends within a field');
};

const endOfVarint = (bytes: Buffer, from: number, limit: number): number => {
  let at = from;
  while (at < limit && at - from < LONGEST_VARINT) if ((bytes[at++] ?? 0) < 128) return at;
  return broken();
};

const varint = (bytes: Buffer, from: number, end: number): number => {
  let value = 0;
  for (let at = end - 1; at >= from; at -= 1) value = value * 128 + ((bytes[at] ?? 0) & 127);
  return value;
};

/** The same number exactly. */
export const exactly = (bytes: Buffer, from: number, end: number): bigint => {
  let value = 0n;
  for (let at = end - 1; at >= from; at -= 1) value = value * 128n + BigInt((bytes[at] ?? 0) & 127);
  return BigInt.asUintN(64, value);
};

/** Where the content of a field ends that begins at `from`. */
const endOf = (wireType: number, bytes: Buffer, from: number, limit: number): number => {
  switch (wireType) {
    case VARINT:
      return endOfVarint(bytes, from, limit);
    case EIGHT_BYTES:
      return from + 8;
    case FOUR_BYTES:
      return from + 4;
    default:
      return broken();
  }
};

/**
 * Goes through the fields of the message that lies there, in the order in which they were written.
 * @throws {RangeError} when it is none.
 */
export const eachField = (bytes: Buffer, start: number, limit: number, visit: Visit): void => {
  let at = start;
  while (at < limit) {
    const tagEnd = endOfVarint(bytes, at, limit);
    const tag = varint(bytes, at, tagEnd);
    const [field, wireType] = [Math.floor(tag / 8), tag % 8];
    let from = tagEnd;
    let value = 0;
    if (wireType === LENGTH_DELIMITED) {
      from = endOfVarint(bytes, tagEnd, limit);
      at = from + varint(bytes, tagEnd, from);
    } else {
      at = endOf(wireType, bytes, from, limit);
      if (wireType === VARINT) value = varint(bytes, from, at);
    }
    if (at > limit) broken();
    visit(field, from, at, value);
  }
};
