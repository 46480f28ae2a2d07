import { isUtf8 } from 'node:buffer';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { badRequest } from './refusal.ts';

/** @throws {Refused} when no stream can have that name. */
export const streamFrom = (identifier: shared.StreamIdentifier | undefined): string => {
  const bytes = identifier?.getStreamName_asU8() ?? new Uint8Array();
  if (!isUtf8(bytes)) throw badRequest('The name of a stream is UTF-8');
  const name = Buffer.from(bytes).toString();
  if (name === '' || name === '$$') throw badRequest(`'${name}' is not the name of a stream`);
  return name;
};

export const identifierOf = (stream: string): shared.StreamIdentifier =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
