import codes from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpc from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Message } from 'google-protobuf';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { NO_EVENTS, type Expected } from './expected-revision.ts';
import { identifierOf } from './identifier.ts';
import { tooLarge } from './errors.ts';
import type { Refusal } from './refusal.ts';
import type { Outcome } from './decision.ts';

const { Code } = codes;

const wrongRevision = (expected: Expected, current: number): shared.WrongExpectedVersion => {
  const details = new shared.WrongExpectedVersion();
  if (current === NO_EVENTS) details.setCurrentNoStream(new empty.Empty());
  else details.setCurrentStreamRevision(String(current));
  switch (expected) {
    case 'any':
      return details.setExpectedAny(new empty.Empty());
    case 'no-stream':
      return details.setExpectedNoStream(new empty.Empty());
    case 'stream-exists':
      return details.setExpectedStreamExists(new empty.Empty());
    default:
      return details.setExpectedStreamPosition(expected.toString());
  }
};

const error = (code: codes.Code, name: string, details: Message, message = name): rpc.Status => {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${name}`);
  return new rpc.Status().setCode(code).setMessage(message).setDetails(packed);
};

/** Of the details that the client does not know it shows the message, and so the operator sees it. */
const unlisted = (code: codes.Code, message: string): rpc.Status =>
  error(code, 'Empty', new shared.Empty(), message);

const errorOf = (refusal: Refusal): rpc.Status => {
  switch (refusal.reason) {
    case 'wrong-revision':
      return error(
        Code.ALREADY_EXISTS,
        'WrongExpectedVersion',
        wrongRevision(refusal.expected, refusal.current),
      );
    case 'stream-deleted':
      return error(
        Code.NOT_FOUND,
        'StreamDeleted',
        new shared.StreamDeleted().setStreamIdentifier(identifierOf(refusal.stream)),
      );
    case 'access-denied':
      return error(Code.PERMISSION_DENIED, 'AccessDenied', new shared.AccessDenied());
    case 'append-too-large':
      return error(
        Code.INVALID_ARGUMENT,
        'MaximumAppendSizeExceeded',
        new shared.MaximumAppendSizeExceeded().setMaxappendsize(refusal.limit),
        tooLarge(refusal.limit),
      );
    case 'timeout':
      return error(Code.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout());
    case 'metadata-missing':
      return unlisted(Code.INVALID_ARGUMENT, "an event without 'type' and 'content-type'");
    case 'bad-request':
      return unlisted(Code.INVALID_ARGUMENT, refusal.detail);
    case 'not-writable':
      return unlisted(Code.INTERNAL, refusal.detail);
  }
};

const success = (outcome: Exclude<Outcome, { outcome: 'refused' }>) => {
  const answer = new streams.BatchAppendResp.Success();
  if (outcome.outcome === 'written') {
    const position = String(outcome.at.position);
    return answer
      .setCurrentRevision(String(outcome.at.revision))
      .setPosition(
        new shared.AllStreamPosition().setCommitPosition(position).setPreparePosition(position),
      );
  }
  if (outcome.last === NO_EVENTS) answer.setNoStream(new empty.Empty());
  else answer.setCurrentRevision(String(outcome.last));
  return answer.setNoPosition(new empty.Empty());
};

/** The one answer to an append that came in a batch. */
export const batchAnswer = (
  correlation: shared.UUID | undefined,
  stream: shared.StreamIdentifier | undefined,
  outcome: Outcome,
): streams.BatchAppendResp => {
  const answer = new streams.BatchAppendResp()
    .setCorrelationId(correlation)
    .setStreamIdentifier(stream ?? new shared.StreamIdentifier());
  return outcome.outcome === 'refused'
    ? answer.setError(errorOf(outcome.refusal))
    : answer.setSuccess(success(outcome));
};
