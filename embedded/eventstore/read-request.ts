import streams from '@eventstore/db-client/generated/streams_pb.js';
import { filterFrom, type Filter } from './filter.ts';
import { streamFrom } from './identifier.ts';
import type { Direction } from './log-reading.ts';
import { badRequest } from './refusal.ts';

export type From = number | 'start' | 'end';

/** What the Read call is asked for: it is four calls in one. */
export type ReadRequest = {
  /** The stream to read; nothing is everything. */
  readonly stream: string | undefined;
  readonly from: From;
  readonly direction: Direction;
  /** How many events at most; nothing is a subscription, which never ends. */
  readonly count: number | undefined;
  readonly filter: Filter | undefined;
};

const { BACKWARDS } = streams.ReadReq.Options.ReadDirection;

/** Older clients say 'end' by the largest number there is. */
const END = 18_446_744_073_709_551_615n;

const fromNumber = (text: string): From => (BigInt(text) === END ? 'end' : Number(text));

const fromRevision = (options: streams.ReadReq.Options.StreamOptions): From => {
  if (options.hasRevision()) return fromNumber(options.getRevision());
  return options.hasEnd() ? 'end' : 'start';
};

const fromPosition = (options: streams.ReadReq.Options.AllOptions): From => {
  const position = options.getPosition();
  if (position) return fromNumber(position.getCommitPosition());
  return options.hasEnd() ? 'end' : 'start';
};

const whatToRead = (options: streams.ReadReq.Options): Pick<ReadRequest, 'stream' | 'from'> => {
  const stream = options.getStream();
  if (stream)
    return { stream: streamFrom(stream.getStreamIdentifier()), from: fromRevision(stream) };
  const all = options.getAll();
  if (!all) throw badRequest('A read is of a stream, or of all');
  return { stream: undefined, from: fromPosition(all) };
};

/** @throws {Refused} when it makes no sense. */
export const readRequestFrom = (options: streams.ReadReq.Options): ReadRequest => {
  const count = options.hasCount() ? Number(options.getCount()) : undefined;
  if (count === 0) throw badRequest('A read is of one event at least');
  const filter = options.getFilter();
  return {
    ...whatToRead(options),
    direction: options.getReadDirection() === BACKWARDS ? 'backwards' : 'forwards',
    count,
    filter: filter && filterFrom(filter),
  };
};
