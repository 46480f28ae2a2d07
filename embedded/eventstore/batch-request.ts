import type { Expected } from './expected-revision.ts';
import { eachField, exactly } from '#shared/platform/protobuf-fields.ts';
import { uuidOfHalves } from './uuid.ts';
import type { Stated } from './proposal.ts';

/** What an append of a batch is to do, said in the first of its chunks. */
export type BatchOptions = {
  /** The `StreamIdentifier` as it came: it is echoed. */
  readonly identifier: Buffer;
  readonly streamName: Buffer;
  readonly expected: Expected;
  /** Milliseconds since 1970: older clients say until when to try. */
  readonly deadline: number;
  /** Milliseconds from now on: newer ones say for how long. */
  readonly within: number;
};

/** One chunk. Nothing in it has been judged, but that it is protobuf. */
export type BatchRequest = {
  /** The `UUID` as it came: it is echoed, and nothing else is done with it. */
  readonly correlation: Buffer | undefined;
  readonly options: BatchOptions | undefined;
  readonly events: readonly Stated[];
  readonly isFinal: boolean;
};

const NOTHING: Buffer = Buffer.alloc(0);
const LARGEST_POSITIVE = 2 ** 63;

/** A timestamp or a duration. */
const milliseconds = (bytes: Buffer, start: number, end: number): number => {
  let ms = 0;
  eachField(bytes, start, end, (field, from, to, value) => {
    // Negative numbers are written as the large ones they wrap around to.
    const signed =
      value < LARGEST_POSITIVE ? value : Number(BigInt.asIntN(64, exactly(bytes, from, to)));
    ms += field === 1 ? signed * 1000 : signed / 1e6;
  });
  return ms;
};

const contentOf = (bytes: Buffer, start: number, end: number, wanted: number): Buffer => {
  let content = NOTHING;
  eachField(bytes, start, end, (field, from, to) => {
    if (field === wanted) content = bytes.subarray(from, to);
  });
  return content;
};

const optionsIn = (bytes: Buffer, start: number, end: number): BatchOptions => {
  let identifier = NOTHING;
  let streamName = NOTHING;
  let expected: Expected = 'any';
  let [deadline, within] = [Infinity, Infinity];
  eachField(bytes, start, end, (field, from, to) => {
    switch (field) {
      case 1:
        identifier = bytes.subarray(from, to);
        streamName = contentOf(bytes, from, to, 3);
        return;
      case 2:
        expected = exactly(bytes, from, to);
        return;
      case 3:
        expected = 'no-stream';
        return;
      case 4:
        expected = 'any';
        return;
      case 5:
        expected = 'stream-exists';
        return;
      case 6:
        deadline = milliseconds(bytes, from, to);
        return;
      case 7:
        within = milliseconds(bytes, from, to);
        return;
      default:
    }
  });
  return { identifier, streamName, expected, deadline, within };
};

const uuidIn = (bytes: Buffer, start: number, end: number): string => {
  let text = '';
  eachField(bytes, start, end, (field, from, to) => {
    if (field === 2) text = bytes.toString('latin1', from, to).toLowerCase();
    else if (field === 1) {
      let [most, least] = [0n, 0n];
      eachField(bytes, from, to, (half, begin, finish) => {
        if (half === 1) most = exactly(bytes, begin, finish);
        else if (half === 2) least = exactly(bytes, begin, finish);
      });
      text = uuidOfHalves(most, least);
    }
  });
  return text;
};

const propertyIn = (bytes: Buffer, start: number, end: number): [key: string, value: string] => {
  let key = '';
  let value = '';
  eachField(bytes, start, end, (field, from, to) => {
    if (field === 1) key = bytes.toString('utf8', from, to);
    else if (field === 2) value = bytes.toString('utf8', from, to);
  });
  return [key, value];
};

const eventIn = (bytes: Buffer, start: number, end: number): Stated => {
  let id = '';
  let type: string | undefined;
  let contentType: string | undefined;
  let metadata = NOTHING;
  let data = NOTHING;
  eachField(bytes, start, end, (field, from, to) => {
    if (field === 1) id = uuidIn(bytes, from, to);
    else if (field === 2) {
      const [key, value] = propertyIn(bytes, from, to);
      if (key === 'type') type = value;
      else if (key === 'content-type') contentType = value;
    } else if (field === 3) metadata = bytes.subarray(from, to);
    else if (field === 4) data = bytes.subarray(from, to);
  });
  return { id, type, contentType, metadata, data };
};

/**
 * Reads a `BatchAppendReq`. By hand, since nearly all that is ever written to the log comes in
 * one, and a message of the library's costs more than everything else that is done with it.
 * @throws {RangeError} when it is none.
 */
export const batchRequestFrom = (bytes: Buffer): BatchRequest => {
  let correlation: Buffer | undefined;
  let options: BatchOptions | undefined;
  const events: Stated[] = [];
  let isFinal = false;
  eachField(bytes, 0, bytes.length, (field, from, to, value) => {
    if (field === 1) correlation = bytes.subarray(from, to);
    else if (field === 2) options = optionsIn(bytes, from, to);
    else if (field === 3) events.push(eventIn(bytes, from, to));
    else if (field === 4) isFinal = value !== 0;
  });
  return { correlation, options, events, isFinal };
};
