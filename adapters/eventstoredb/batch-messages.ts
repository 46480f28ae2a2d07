import type { AppendResult, EventData } from '@eventstore/db-client';
import { unpackToCommandError } from '@eventstore/db-client/dist/streams/appendToStream/unpackError.js';
import { parseUUID } from '@eventstore/db-client/dist/utils/grpcUUID.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { Revision } from '#shared/kernel/event-store.ts';

export type ToAppend = {
  readonly stream: string;
  readonly expected: Revision;
  readonly events: readonly EventData[];
};

/**
 * The end of 9999: a server tries for two seconds at most, or until it is told, by a clock that is
 * not ours. What is given up sooner is given up here.
 */
const NO_DEADLINE = new timestamps.Timestamp().setSeconds(253_402_300_799);

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

const messageOf = ({ id, type, contentType, data, metadata }: EventData) => {
  const message = new streams.BatchAppendReq.ProposedMessage();
  message.setId(new shared.UUID().setString(id));
  message.getMetadataMap().set('type', type).set('content-type', contentType);
  message.setData(bytes(data));
  if (metadata !== undefined) message.setCustomMetadata(bytes(metadata));
  return message;
};

const optionsOf = ({ stream, expected }: ToAppend) => {
  const options = new streams.BatchAppendReq.Options()
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)))
    .setDeadline(NO_DEADLINE);
  return expected === 'no-stream'
    ? options.setNoStream(new empty.Empty())
    : options.setStreamPosition(String(expected));
};

/** One append, whole: what is appended at once is far below what one message may hold. */
export const batchRequest = (id: string, what: ToAppend): streams.BatchAppendReq =>
  new streams.BatchAppendReq()
    .setCorrelationId(new shared.UUID().setString(id))
    .setOptions(optionsOf(what))
    .setProposedMessagesList(what.events.map(messageOf))
    .setIsFinal(true);

/** As the client's own errors are; what it does not know has the code that came with it. */
const refusalOf = (refused: status.Status, stream: string): Error => {
  const error = refused.hasDetails()
    ? unpackToCommandError(refused, stream)
    : new Error(refused.getMessage());
  return 'code' in error && error.code !== undefined
    ? error
    : Object.assign(error, { code: refused.getCode() });
};

const resultOf = (message: streams.BatchAppendResp): AppendResult => {
  const success = message.getSuccess();
  const position = success?.getPosition();
  return {
    success: true,
    nextExpectedRevision: BigInt(success?.getCurrentRevision() ?? 0),
    ...(position && {
      position: {
        commit: BigInt(position.getCommitPosition()),
        prepare: BigInt(position.getPreparePosition()),
      },
    }),
  };
};

/** What became of the append that was asked for with this id. */
export const batchAnswer = (
  message: streams.BatchAppendResp,
): { readonly id: string; readonly answer: AppendResult | Error } => {
  const error = message.getError();
  const stream = message.getStreamIdentifier()?.getStreamName_asU8() ?? '';
  return {
    id: parseUUID(message.getCorrelationId()) ?? '',
    answer: error ? refusalOf(error, Buffer.from(stream).toString()) : resultOf(message),
  };
};
