import { wire } from './wire.ts';

/** What somebody wants to have recorded. */
export type Proposed = {
  /** Canonical: lower case, with dashes. */
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
};

export type Place = {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly created: number;
};

export const LINK_TYPE = '$>';
/** The revision of the event that ends a stream for good: the largest int64, as near as can be. */
export const TOMBSTONE_REVISION = 2 ** 63;

/**
 * A record is the very message that a reader gets (`ReadResp`), behind a header that says where in
 * it the parts lie which the server itself looks at. A read sends bytes; it encodes nothing.
 */
const LAYOUT = 1;
const HEADER = {
  layout: 0,
  position: 1,
  revision: 9,
  created: 17,
  recorded: 25,
  stream: 33,
  type: 41,
  data: 49,
} as const;
const HEADER_SIZE = 57;

const TICKS_PER_MILLISECOND = '0000';
const scratch = wire(65_536);

/** Where something lies, counted from the end of the record. */
type Extent = readonly [from: number, to: number];

const entry = (key: string, value: string): Extent => {
  const since = scratch.size();
  scratch.text(2, value);
  const extent = [since + Buffer.byteLength(value), since] as const;
  scratch.text(1, key);
  scratch.message(6, since);
  return extent;
};

export const encodeRecord = (proposed: Proposed, place: Place): Buffer => {
  const { stream, revision, position, created } = place;

  scratch.uint(3, position);
  const recordedEnd = scratch.size();
  scratch.bytes(8, proposed.data);
  const data = [recordedEnd + proposed.data.length, recordedEnd] as const;
  if (proposed.metadata.length > 0) scratch.bytes(7, proposed.metadata);
  entry('created', `${created}${TICKS_PER_MILLISECOND}`);
  entry('content-type', proposed.contentType);
  const type = entry('type', proposed.type);
  scratch.uint(5, position);
  scratch.uint(4, position);
  scratch.uint(3, revision);
  const identifier = scratch.size();
  scratch.text(3, stream);
  const name = [identifier + Buffer.byteLength(stream), identifier] as const;
  scratch.message(2, identifier);
  const id = scratch.size();
  scratch.text(2, proposed.id);
  scratch.message(1, id);
  const recorded = [scratch.size(), recordedEnd] as const;
  scratch.message(1, recordedEnd);
  scratch.message(1, 0);

  const header = scratch.raw(HEADER_SIZE);
  const end = scratch.size();
  header[HEADER.layout] = LAYOUT;
  header.writeDoubleBE(position, HEADER.position);
  header.writeDoubleBE(revision, HEADER.revision);
  header.writeDoubleBE(created, HEADER.created);
  const note = (at: number, [from, to]: Extent) => {
    header.writeUInt32BE(end - from, at);
    header.writeUInt32BE(end - to, at + 4);
  };
  note(HEADER.recorded, recorded);
  note(HEADER.stream, name);
  note(HEADER.type, type);
  note(HEADER.data, data);
  return scratch.take();
};

const part = (record: Buffer, at: number): Buffer =>
  record.subarray(record.readUInt32BE(at), record.readUInt32BE(at + 4));
const text = (record: Buffer, at: number): string =>
  record.toString('utf8', record.readUInt32BE(at), record.readUInt32BE(at + 4));

export const positionOf = (record: Buffer): number => record.readDoubleBE(HEADER.position);
export const revisionOf = (record: Buffer): number => record.readDoubleBE(HEADER.revision);
export const createdAt = (record: Buffer): number => record.readDoubleBE(HEADER.created);
export const streamOf = (record: Buffer): string => text(record, HEADER.stream);
/** The id is the first field of a recorded event: two tags, two lengths, and 36 characters. */
export const idOf = (record: Buffer): string => {
  const start = record.readUInt32BE(HEADER.recorded) + 4;
  return record.toString('latin1', start, start + 36);
};
export const typeOf = (record: Buffer): string => text(record, HEADER.type);
export const dataOf = (record: Buffer): Buffer => part(record, HEADER.data);

/** The message that a reader gets, as it is. */
export const answerOf = (record: Buffer): Buffer => record.subarray(HEADER_SIZE);

/** The same for a link: what it points to, if that is still there, and the link itself. */
export const resolvedAnswer = (link: Buffer, target: Buffer | undefined): Buffer => {
  scratch.uint(3, positionOf(link));
  scratch.bytes(2, part(link, HEADER.recorded));
  if (target) scratch.bytes(1, part(target, HEADER.recorded));
  scratch.message(1, 0);
  return scratch.take();
};
