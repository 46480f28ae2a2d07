import codes from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpc from '@eventstore/db-client/generated/status_pb.js';
import type { Message } from 'google-protobuf';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { NO_EVENTS, type Expected } from './expected-revision.ts';
import { identifierOf } from './identifier.ts';
import { tooLarge } from './errors.ts';
import type { Refusal } from './refusal.ts';
import type { Outcome } from './decision.ts';
import { wire } from './wire.ts';

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

const scratch = wire(1024);

/** An `Empty` or whatever else has nothing in it. */
const nothing = (field: number): void => {
  scratch.message(field, scratch.size());
};

/** Fields of a wire come out in the reverse order. */
const writeSuccess = (outcome: Exclude<Outcome, { outcome: 'refused' }>): void => {
  const since = scratch.size();
  if (outcome.outcome === 'written') {
    const { position, revision } = outcome.at;
    scratch.uint(2, position);
    scratch.uint(1, position);
    scratch.message(3, since);
    scratch.uint(1, revision);
  } else {
    nothing(4);
    if (outcome.last === NO_EVENTS) nothing(2);
    else scratch.uint(1, outcome.last);
  }
  scratch.message(3, since);
};

/**
 * The one answer to an append that came in a batch: a `BatchAppendResp`. What it names the append
 * by is what the request named it by, byte for byte.
 */
export const batchAnswer = (
  { correlation, identifier }: { readonly correlation: Buffer; readonly identifier: Buffer },
  outcome: Outcome,
): Buffer => {
  scratch.bytes(4, identifier);
  if (outcome.outcome === 'refused') scratch.bytes(2, errorOf(outcome.refusal).serializeBinary());
  else writeSuccess(outcome);
  scratch.bytes(1, correlation);
  return scratch.take();
};
