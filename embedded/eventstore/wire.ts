const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** What a double cannot hold is written as the largest int64: the revision of a tombstone. */
const LARGEST_INT64 = 2 ** 63;
const LARGEST_INT64_VARINT = Buffer.from('ffffffffffffffff7f', 'hex');

const varintSize = (value: number): number => {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
};

/**
 * Writes protobuf from its end to its beginning: by the time a length is due, what it measures has
 * been written, so nothing is computed twice. Fields come out in the reverse order of the calls.
 */
export type Wire = {
  /** How much has been written: the distance from the end. */
  readonly size: () => number;
  readonly uint: (field: number, value: number) => void;
  readonly bytes: (field: number, value: Uint8Array) => void;
  readonly text: (field: number, value: string) => void;
  /** Closes a message: everything written since `size()` was `since`. */
  readonly message: (field: number, since: number) => void;
  /** Room for `size` raw bytes in front of what has been written. */
  readonly raw: (size: number) => Buffer;
  /** A copy of all that was written; the wire is empty after it. */
  readonly take: () => Buffer;
};

/** Bytes that grow towards the front; what is before `at` is free. */
type Tail = { buffer: Buffer; at: number };

const claim = (tail: Tail, size: number): void => {
  if (tail.at < size) {
    const written = tail.buffer.length - tail.at;
    const larger = Buffer.allocUnsafe(Math.max(tail.buffer.length * 2, written + size));
    tail.buffer.copy(larger, larger.length - written, tail.at);
    tail.buffer = larger;
    tail.at = larger.length - written;
  }
  tail.at -= size;
};

const varint = (tail: Tail, value: number): void => {
  if (value >= LARGEST_INT64) {
    claim(tail, LARGEST_INT64_VARINT.length);
    tail.buffer.set(LARGEST_INT64_VARINT, tail.at);
    return;
  }
  claim(tail, varintSize(value));
  let to = tail.at;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) tail.buffer[to++] = (rest % 128) + 128;
  tail.buffer[to] = rest;
};

export const wire = (initialSize: number): Wire => {
  const tail: Tail = { buffer: Buffer.allocUnsafe(initialSize), at: initialSize };

  const size = () => tail.buffer.length - tail.at;
  const message = (field: number, since: number): void => {
    varint(tail, size() - since);
    varint(tail, field * 8 + LENGTH_DELIMITED);
  };

  return {
    size,
    message,
    uint: (field, value) => {
      varint(tail, value);
      varint(tail, field * 8 + VARINT);
    },
    bytes: (field, value) => {
      const since = size();
      claim(tail, value.length);
      tail.buffer.set(value, tail.at);
      message(field, since);
    },
    text: (field, value) => {
      const since = size();
      claim(tail, Buffer.byteLength(value));
      tail.buffer.write(value, tail.at);
      message(field, since);
    },
    raw: (length) => {
      claim(tail, length);
      return tail.buffer.subarray(tail.at, tail.at + length);
    },
    take: () => {
      const taken = Buffer.from(tail.buffer.subarray(tail.at));
      tail.at = tail.buffer.length;
      return taken;
    },
  };
};
