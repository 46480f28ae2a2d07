import { jsonEvent, type JSONType, type RecordedEvent } from '@eventstore/db-client';
import type { Static } from 'typebox';
import type { AtRest } from '#shared/kernel/at-rest.ts';
import { UnknownEvent } from '#shared/kernel/event-store.ts';
import { eventId } from '#shared/kernel/identity.ts';
import { Instant, type Contract, type Message, type Meta } from '#shared/kernel/message.ts';
import { reader } from '#shared/kernel/schema.ts';
import type { RawEvent } from './raw-page.ts';
import { Type } from '#shared/kernel/type.ts';

// Stored for ever, with every event. The first two have the names that EventStoreDB gives them.
type Metadata = Static<typeof Metadata>;
const Metadata = Type.Object({
  $correlationId: Type.String(),
  $causationId: Type.String(),
  commandId: Type.String(),
  fingerprint: Type.String(),
  actor: Type.Object({ id: Type.String(), role: Type.String() }),
  at: Instant,
  traceparent: Type.Optional(Type.String()),
  schemaVersion: Type.Integer({ minimum: 1 }),
});
const readMetadata = reader(Metadata);

const metadataOf = (
  { correlationId, causationId, commandId, fingerprint, actor, at, traceparent }: Meta,
  schemaVersion: number,
): Metadata => ({
  $correlationId: correlationId,
  $causationId: causationId,
  commandId,
  fingerprint,
  actor,
  at,
  ...(traceparent !== undefined && { traceparent }),
  schemaVersion,
});

const metaFrom = (stored: Metadata): Meta => {
  const { $correlationId, $causationId, commandId, fingerprint, actor, at, traceparent } = stored;
  const meta = {
    commandId,
    fingerprint,
    correlationId: $correlationId,
    causationId: $causationId,
    actor,
    at,
  };
  return traceparent === undefined ? meta : { ...meta, traceparent };
};

/** As the client gives it, or as a server sends it. */
type Stored = RecordedEvent | RawEvent;

/** The same command gives the same event ids, so the server too takes a repeat for what it is. */
export const encode = (
  { type, data }: Message,
  index: number,
  stream: string,
  { versionOf }: Pick<Contract, 'versionOf'>,
  meta: Meta,
) =>
  jsonEvent({
    id: eventId(meta, stream, index),
    type,
    data: data as JSONType,
    metadata: metadataOf(meta, versionOf(type)),
  });

const positionOf = (event: Stored): bigint => {
  if (event.position) return event.position.commit;
  throw new Error(
    `No position came with an event of ${event.streamId}: EventStoreDB 22.6 or newer`,
  );
};

/**
 * An event as it stands in the log. Its data may be anything yet: that is the contract's business.
 * @throws {UnknownEvent} when it was not written by us.
 */
export const decode = (event: Stored): AtRest => {
  const { id, type, data, streamId: stream, revision } = event;
  const position = positionOf(event);
  let metadata: Metadata;
  try {
    metadata = readMetadata(event.metadata);
  } catch (cause) {
    throw new UnknownEvent({ type, stream, position }, { cause });
  }
  return {
    id,
    type,
    data: data as AtRest['data'],
    stream,
    revision,
    position,
    meta: metaFrom(metadata),
    version: metadata.schemaVersion,
  };
};
