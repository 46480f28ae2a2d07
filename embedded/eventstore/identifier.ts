import { isUtf8 } from 'node:buffer';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { badRequest } from './refusal.ts';

/** @throws {Refused} when no stream can have that name. */
export const streamNamed = (bytes: Buffer): string => {
  if (!isUtf8(bytes)) throw badRequest('The name of a stream is UTF-8');
  const name = bytes.toString();
  if (name === '' || name === '$$') throw badRequest(`'${name}' is not the name of a stream`);
  return name;
};

/** @throws {Refused} when no stream can have that name. */
export const streamFrom = (identifier: shared.StreamIdentifier | undefined): string =>
  streamNamed(Buffer.from(identifier?.getStreamName_asU8() ?? []));

export const identifierOf = (stream: string): shared.StreamIdentifier =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
