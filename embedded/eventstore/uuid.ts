import type shared from '@eventstore/db-client/generated/shared_pb.js';
import { badRequest } from './refusal.ts';

const TEXT = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const EMPTY = '00000000-0000-0000-0000-000000000000';

export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');

export const uuidText = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const fromHalves = (most: string, least: string): string => {
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeBigInt64BE(BigInt.asIntN(64, BigInt(most)));
  bytes.writeBigInt64BE(BigInt.asIntN(64, BigInt(least)), 8);
  return uuidText(bytes);
};

/**
 * The canonical text of a UUID that came in either of its two forms on the wire.
 * @throws {Refused} when it is missing, empty or not one.
 */
export const uuidFrom = (uuid: shared.UUID | undefined): string => {
  const halves = uuid?.getStructured();
  const text = halves
    ? fromHalves(halves.getMostSignificantBits(), halves.getLeastSignificantBits())
    : (uuid?.getString() ?? '').toLowerCase();
  if (!TEXT.test(text) || text === EMPTY) throw badRequest(`'${text}' is not the id of an event`);
  return text;
};
