import { isDeepStrictEqual } from 'node:util';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { JSON_CONTENT } from './draft.ts';
import { NO_EVENTS } from './expected-revision.ts';
import { flaws, type Flaws } from './flaws.ts';
import { idKey, nameKey } from './keys.ts';
import { everythingFrom } from './log-reading.ts';
import { NEXT_STREAM } from './log.ts';
import { isMetastream, metastreamOf } from './names.ts';
import {
  answerOf,
  dataOf,
  idOf,
  positionOf,
  revisionOf,
  streamOf,
  TOMBSTONE_REVISION,
} from './record.ts';
import { retentionFrom, type Retention } from './retention.ts';
import { decodeEntry, decodeRevision, openStores, type Head, type Stores } from './stores.ts';
import { uuidText } from './uuid.ts';

export type Verified = {
  readonly events: number;
  readonly streams: number;
  /** How many there are; of those, the first are told. */
  readonly flaws: number;
  readonly told: readonly string[];
};

/** LMDB's own idea of where a range begins and ends leaves out keys that are mostly zero. */
const FROM_THE_FIRST_PLACE = everythingFrom([0, 0]);
const FROM_THE_FIRST_KEY = everythingFrom(Buffer.alloc(1));

/** Names that were too long for a key stand there by their hash. */
const plainName = (key: Buffer): string | undefined =>
  key[0] === '='.charCodeAt(0) ? key.toString('utf8', 1) : undefined;

/** What a reader would get, if it is what the header in front of it says. */
const recordedIn = (record: Buffer) => {
  const event = streams.ReadResp.deserializeBinary(answerOf(record)).getEvent()?.getEvent();
  if (!event) return undefined;
  const header = [streamOf(record), idOf(record), revisionOf(record), positionOf(record)];
  const said = [
    Buffer.from(event.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
    event.getId()?.getString(),
    Number(event.getStreamRevision()),
    Number(event.getCommitPosition()),
  ];
  const same = isDeepStrictEqual(header, said) && dataOf(record).equals(event.getData_asU8());
  return same ? event : undefined;
};

/** Before the revision of a tombstone there is room for all others. */
const LAST_REVISION = Number.MAX_SAFE_INTEGER;

const isReadable = (record: Buffer): boolean => {
  try {
    return recordedIn(record) !== undefined;
  } catch {
    return false;
  }
};

/** That the indexes lead to a record of the log. */
const verifyIndexed = ({ heads, places, ids }: Stores, record: Buffer, found: Flaws): void => {
  const [stream, revision, id] = [streamOf(record), revisionOf(record), idOf(record)];
  const event = `${stream} ${revision}, at position ${positionOf(record)},`;
  const head = heads.get(nameKey(stream));
  if (!head) {
    found.add(`${event} is of a stream that is not listed`);
    return;
  }
  const place = places.get([head.number, revision]);
  const entry = place && decodeEntry(place);
  if (!entry) found.add(`${event} is not in the index of its stream`);
  else if (entry.position !== positionOf(record) || uuidText(entry.id) !== id)
    found.add(`${event} has another event in its place in the index of its stream`);
  if (!entry) return;

  const known = ids.get(idKey(head.number, entry.id));
  if (!known) found.add(`${event} is not in the index of ids`);
};

const verifyRecords = (stores: Stores, found: Flaws): number => {
  let [events, end] = [0, 0];
  for (const { key, value } of stores.records.getRange(everythingFrom(0))) {
    events += 1;
    if (key !== end) found.add(`after position ${end} comes ${key}`);
    end = key + value.length;
    if (!isReadable(value) || positionOf(value) !== key)
      found.add(`what is at position ${key} cannot be read`);
    else verifyIndexed(stores, value, found);
  }
  return events;
};

/** That each stream's index is without a gap, and has not more in it than the log. */
const verifyPlaces = ({ places }: Stores, events: number, found: Flaws): void => {
  let [count, stream, next] = [0, -1, 0];
  for (const [number, revision] of places.getKeys(FROM_THE_FIRST_PLACE)) {
    count += 1;
    if (number !== stream) [stream, next] = [number, 0];
    if (revision !== next && revision !== TOMBSTONE_REVISION)
      found.add(`stream number ${number} goes from revision ${next - 1} to ${revision}`);
    next = revision + 1;
  }
  if (count !== events) found.add(`${count} events are in the indexes of streams, not ${events}`);
};

const verifyIds = ({ ids, places }: Stores, found: Flaws): void => {
  for (const { key, value } of ids.getRange(FROM_THE_FIRST_KEY)) {
    const [number, revision] = [key.readUInt32BE(0), decodeRevision(value)];
    const place = places.get([number, revision]);
    if (!place || !decodeEntry(place).id.equals(key.subarray(4)))
      found.add(`id ${uuidText(key.subarray(4))} is not at revision ${revision} of ${number}`);
  }
};

/** What the metadata of a stream says, as it stands in the log. */
const statedOf = ({ heads, places, records }: Stores, name: string): Retention | undefined => {
  const metastream = isMetastream(name) ? undefined : heads.get(nameKey(metastreamOf(name)));
  if (!metastream || metastream.last === NO_EVENTS) return undefined;
  const place = places.get([metastream.number, metastream.last]);
  const record = place && records.get(decodeEntry(place).position);
  const event = record && recordedIn(record);
  if (!event) return undefined;
  return event.getMetadataMap().get('content-type') === JSON_CONTENT
    ? retentionFrom(event.getData_asU8())
    : {};
};

const lastIn = ({ places }: Stores, number: number): number => {
  const range = everythingFrom([number, LAST_REVISION]);
  for (const [stream, revision] of places.getKeys({ ...range, reverse: true, limit: 1 }))
    return stream === number ? revision : NO_EVENTS;
  return NO_EVENTS;
};

const verifyHead = (stores: Stores, key: Buffer, head: Head, found: Flaws): void => {
  const name = plainName(key);
  const stream = name ?? `stream number ${head.number}`;
  const last = lastIn(stores, head.number);
  if (head.last !== last)
    found.add(`${stream} is said to end at ${head.last}, and does at ${last}`);
  const tombstoned = stores.places.get([head.number, TOMBSTONE_REVISION]) !== undefined;
  if (head.tombstoned !== tombstoned)
    found.add(`${stream} is ${head.tombstoned ? '' : 'not '}said to have a tombstone`);
  if (name !== undefined && !isDeepStrictEqual(head.retention, statedOf(stores, name)))
    found.add(`${stream} is not kept as its metadata says`);
};

const verifyHeads = (stores: Stores, found: Flaws): number => {
  const limit = Number(stores.about.get(NEXT_STREAM) ?? 0);
  const taken = new Uint8Array(limit);
  let count = 0;
  for (const { key, value } of stores.heads.getRange(FROM_THE_FIRST_KEY)) {
    count += 1;
    if (value.number >= limit || taken[value.number])
      found.add(`stream number ${value.number} is given to more than one, or not given yet`);
    taken[value.number] = 1;
    verifyHead(stores, key, value, found);
  }
  return count;
};

/**
 * Walks all of a log and holds every index against it, both ways. The log may be in use: what is
 * looked at is one instant of it, which lasts as long as this does not wait for anything.
 * @throws {BadConfig} when there is no log that can be opened.
 */
export const verifyLog = async (directory: string): Promise<Verified> => {
  const stores = openStores(directory, { readOnly: true });
  try {
    const found = flaws();
    const events = verifyRecords(stores, found);
    verifyPlaces(stores, events, found);
    verifyIds(stores, found);
    const count = verifyHeads(stores, found);
    return { events, streams: count, flaws: found.count(), told: found.told() };
  } finally {
    await stores.root.close();
  }
};
