import { createHash } from 'node:crypto';

/** LMDB takes keys of up to 1978 bytes; what is longer goes by its hash. */
const LONGEST_PLAIN_NAME = 1024;
const TWO_TO_32 = 2 ** 32;

const writeUint64 = (value: number, target: Buffer, start: number): number => {
  target.writeUInt32BE(Math.floor(value / TWO_TO_32), start);
  return target.writeUInt32BE(value % TWO_TO_32, start + 4);
};
const readUint64 = (source: Buffer, start: number): number =>
  source.readUInt32BE(start) * TWO_TO_32 + source.readUInt32BE(start + 4);

/** A position in the log, so that keys sort as positions do. */
export const positionKeys = {
  writeKey: writeUint64,
  readKey: readUint64,
};

/** A place in a stream: the stream's number, then the revision. */
export type PlaceKey = [stream: number, revision: number];

export const placeKeys = {
  writeKey: ([stream, revision]: PlaceKey, target: Buffer, start: number): number =>
    writeUint64(revision, target, target.writeUInt32BE(stream, start)),
  readKey: (source: Buffer, start: number): PlaceKey => [
    source.readUInt32BE(start),
    readUint64(source, start + 4),
  ],
};

/** An event's id within a stream: the stream's number, then the sixteen bytes of the UUID. */
export const idKey = (stream: number, id: Uint8Array): Buffer => {
  const key = Buffer.allocUnsafe(20);
  key.writeUInt32BE(stream);
  key.set(id, 4);
  return key;
};

/** Plain and hashed names begin differently, so that no name can be taken for a hash. */
export const nameKey = (name: string): Buffer => {
  const plain = Buffer.from(`=${name}`);
  return plain.length <= LONGEST_PLAIN_NAME
    ? plain
    : Buffer.concat([Buffer.from('#'), createHash('sha256').update(plain).digest()]);
};
