import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { streamOf, typeOf } from './record.ts';
import { badRequest } from './refusal.ts';

type FilterOptions = streams.ReadReq.Options.FilterOptions;
type Expression = streams.ReadReq.Options.FilterOptions.Expression;

/** What of the log somebody wants to see, and how often to be told how far it was searched. */
export type Filter = {
  readonly matches: (record: Buffer) => boolean;
  /** How many records are considered between two checkpoints. */
  readonly checkpointInterval: number;
};

const SEARCH_WINDOW = 32;
const DOLLAR = '$'.charCodeAt(0);
const EPOCH = '$epoch-information';
const SUBSCRIPTIONS_TO_ALL = /^\$persistentsubscription-\$all::.*-(?:checkpoint|parked)$/;

const matcher = (expression: Expression): ((text: string) => boolean) => {
  const prefixes = expression.getPrefixList();
  if (prefixes.length > 0) return (text) => prefixes.some((prefix) => text.startsWith(prefix));
  try {
    const regex = new RegExp(expression.getRegex());
    return (text) => regex.test(text);
  } catch (error) {
    throw badRequest(`Not a regular expression: ${String(error)}`);
  }
};

/** @throws {Refused} when it says nothing to filter on, or how often is never. */
export const filterFrom = (options: FilterOptions): Filter => {
  const multiplier = options.getCheckpointintervalmultiplier();
  if (multiplier === 0) throw badRequest('The multiplier of the checkpoint interval is at least 1');
  const window = options.hasMax() ? options.getMax() : SEARCH_WINDOW;
  const checkpointInterval = multiplier * Math.max(1, window);

  const onStream = options.getStreamIdentifier();
  const onType = options.getEventType();
  if (onStream) {
    const matches = matcher(onStream);
    return { matches: (record) => matches(streamOf(record)), checkpointInterval };
  }
  if (!onType) throw badRequest('A filter is on the names of streams or on the types of events');
  const matches = matcher(onType);
  return { matches: (record) => matches(typeOf(record)), checkpointInterval };
};

/** Records that the server keeps for itself and no subscription to everything gets. */
export const isInternal = (record: Buffer): boolean => {
  const stream = streamOf(record);
  if (stream.charCodeAt(0) !== DOLLAR) return false;
  return typeOf(record) === EPOCH || SUBSCRIPTIONS_TO_ALL.test(stream);
};
