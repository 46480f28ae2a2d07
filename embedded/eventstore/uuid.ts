import type shared from '@eventstore/db-client/generated/shared_pb.js';
import { badRequest } from './refusal.ts';

const TEXT = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const EMPTY = '00000000-0000-0000-0000-000000000000';

export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

export const uuidText = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

export const uuidOfHalves = (most: bigint, least: bigint): string => {
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeBigInt64BE(BigInt.asIntN(64, most));
  bytes.writeBigInt64BE(BigInt.asIntN(64, least), 8);
  return uuidText(bytes);
};

/** The text of a UUID that came in either of its two forms on the wire; empty when there is none. */
export const uuidFrom = (uuid: shared.UUID | undefined): string => {
  const halves = uuid?.getStructured();
  return halves
    ? uuidOfHalves(
        BigInt(halves.getMostSignificantBits()),
        BigInt(halves.getLeastSignificantBits()),
      )
    : (uuid?.getString() ?? '').toLowerCase();
};

/** @throws {Refused} when no event can have that id. */
export const ensureEventId = (text: string): void => {
  if (!TEXT.test(text) || text === EMPTY) throw badRequest(`'${text}' is not the id of an event`);
};
