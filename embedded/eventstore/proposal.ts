import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Expected } from './expected-revision.ts';
import type { Proposed } from './record.ts';
import { badRequest, Refused } from './refusal.ts';
import { ensureEventId, uuidFrom } from './uuid.ts';

/** An event as it is stated in a request, not judged yet. */
export type Stated = {
  /** Lower case; empty when there is none. */
  readonly id: string;
  readonly type: string | undefined;
  readonly contentType: string | undefined;
  readonly metadata: Uint8Array;
  readonly data: Uint8Array;
};

export const statedIn = (message: streams.AppendReq.ProposedMessage): Stated => {
  const properties = message.getMetadataMap();
  return {
    id: uuidFrom(message.getId()),
    type: properties.get('type'),
    contentType: properties.get('content-type'),
    metadata: message.getCustomMetadata_asU8(),
    data: message.getData_asU8(),
  };
};

/** @throws {Refused} when it lacks what an event must have. */
export const proposedFrom = ({ id, type, contentType, metadata, data }: Stated): Proposed => {
  if (type === undefined || contentType === undefined)
    throw new Refused({ reason: 'metadata-missing' });
  if (type === '') throw badRequest('The type of an event is not empty');
  ensureEventId(id);
  return { id, type, contentType, metadata, data };
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
