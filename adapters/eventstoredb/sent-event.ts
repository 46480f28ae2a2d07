import { eachField, exactly, type Visit } from '#shared/platform/protobuf-fields.ts';
import type { RawEvent } from './raw-page.ts';

// An event as a server sends it. Most of those who read the log want few of its events, and want
// nothing else of the others than whose they are: what an event says is parsed when it is asked for.

const JSON_TYPE = 'application/json';
const TICKS_PER_MS = 10_000n;
const NONE: Buffer = Buffer.alloc(0);

const textOfHalves = (bytes: Buffer, start: number, end: number): string => {
  const id = Buffer.alloc(16);
  eachField(bytes, start, end, (half, from, to) => {
    id.writeBigUInt64BE(exactly(bytes, from, to), half === 1 ? 0 : 8);
  });
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

/** A number as it is; most are small enough for the short way. */
const bigintOf = (bytes: Buffer, from: number, to: number, value: number): bigint =>
  value <= Number.MAX_SAFE_INTEGER ? BigInt(value) : exactly(bytes, from, to);

// eslint-disable-next-line no-restricted-syntax -- a million of them: on a prototype, getters are free
class SentEvent implements RawEvent {
  id = '';
  streamId = '';
  revision = 0n;
  type = '<no-event-type-provided>';
  contentType = 'application/octet-stream';
  readonly position = { commit: 0n, prepare: 0n };
  ticks = '';
  stated: Buffer = NONE;
  custom: Buffer = NONE;
  private statedAs: unknown;
  private customAs: unknown;

  get isJson(): boolean {
    return this.contentType === JSON_TYPE;
  }

  /** JSON as what it says, or as text where it is none; anything else as bytes. */
  get data(): unknown {
    return (this.statedAs ??= this.isJson ? readOr(this.stated, String) : this.stated);
  }

  get metadata(): unknown {
    if (this.custom.length === 0) return undefined;
    return (this.customAs ??= readOr(this.custom, (bytes) => bytes));
  }

  get created(): Date {
    return new Date(/^\d+$/.test(this.ticks) ? Number(BigInt(this.ticks) / TICKS_PER_MS) : 0);
  }
}

const readOr = (bytes: Buffer, otherwise: (bytes: Buffer) => unknown): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    return otherwise(bytes);
  }
};

/** What a server says of a stream that there is not. */
export const NO_STREAM = Symbol('no stream');

// No closures below: a replay comes by a million times. Whoever is visited writes into these.
let bytes = NONE;
let event = new SentEvent();
let found: SentEvent | typeof NO_STREAM | undefined;
let [key, value] = ['', ''];

const inUuid: Visit = (field, from, to) => {
  event.id = field === 2 ? bytes.toString('latin1', from, to) : textOfHalves(bytes, from, to);
};

const inStream: Visit = (field, from, to) => {
  if (field === 3) event.streamId = bytes.toString('utf8', from, to);
};

const inEntry: Visit = (field, from, to) => {
  if (field === 1) key = bytes.toString('utf8', from, to);
  else value = bytes.toString('utf8', from, to);
};

const told = (): void => {
  if (key === 'type') event.type = value;
  else if (key === 'content-type') event.contentType = value;
  else if (key === 'created') event.ticks = value;
};

const inRecorded: Visit = (field, from, to, number) => {
  switch (field) {
    case 1:
      eachField(bytes, from, to, inUuid);
      return;
    case 2:
      eachField(bytes, from, to, inStream);
      return;
    case 3:
      event.revision = bigintOf(bytes, from, to, number);
      return;
    case 4:
      event.position.prepare = bigintOf(bytes, from, to, number);
      return;
    case 5:
      event.position.commit = bigintOf(bytes, from, to, number);
      return;
    case 6:
      eachField(bytes, from, to, inEntry);
      told();
      return;
    case 7:
      event.custom = bytes.subarray(from, to);
      return;
    case 8:
      event.stated = bytes.subarray(from, to);
      return;
    default:
  }
};

const inResolved: Visit = (field, from, to) => {
  if (field !== 1) return;
  found = event;
  eachField(bytes, from, to, inRecorded);
};

const inAnswer: Visit = (field, from, to) => {
  if (field === 1) eachField(bytes, from, to, inResolved);
  else if (field === 4) found = NO_STREAM;
};

const foundNow = () => found;

/** What a server says that is no event: that there is nothing more, that it goes on. */
export const NO_EVENT = Symbol('no event');

export type Sent = RawEvent | typeof NO_STREAM | typeof NO_EVENT;

/** The event in an answer to a read, if one is in it. @throws {RangeError} when it is no answer. */
export const sentEvent = (answer: Buffer): Sent => {
  [bytes, event, found] = [answer, new SentEvent(), undefined];
  eachField(bytes, 0, bytes.length, inAnswer);
  return foundNow() ?? NO_EVENT;
};
