import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type { Expected } from './expected-revision.ts';
import type { Proposed } from './record.ts';
import { badRequest, Refused } from './refusal.ts';
import { uuidFrom } from './uuid.ts';

/** An event as both kinds of append send it. */
type ProposedMessage = {
  readonly getId: () => shared.UUID | undefined;
  readonly getMetadataMap: () => { readonly get: (key: string) => string | undefined };
  readonly getCustomMetadata_asU8: () => Uint8Array;
  readonly getData_asU8: () => Uint8Array;
};

/** @throws {Refused} when it lacks what an event must have. */
export const proposedFrom = (message: ProposedMessage): Proposed => {
  const properties = message.getMetadataMap();
  const type = properties.get('type');
  const contentType = properties.get('content-type');
  if (type === undefined || contentType === undefined)
    throw new Refused({ reason: 'metadata-missing' });
  if (type === '') throw badRequest('The type of an event is not empty');

  return {
    id: uuidFrom(message.getId()),
    type,
    contentType,
    metadata: message.getCustomMetadata_asU8(),
    data: message.getData_asU8(),
  };
};

/** Bytes of an event as they count against the largest append. */
export const sizeOf = ({ type, metadata, data }: Proposed): number =>
  data.length + metadata.length + 2 * type.length;

/** The condition of a write, of the four ways in which every request can state it. */
export const expectedFrom = (stated: {
  readonly revision: string | undefined;
  readonly noStream: boolean;
  readonly streamExists: boolean;
}): Expected => {
  if (stated.revision !== undefined) return BigInt(stated.revision);
  if (stated.noStream) return 'no-stream';
  return stated.streamExists ? 'stream-exists' : 'any';
};
