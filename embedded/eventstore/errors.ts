import { Metadata, status } from '@grpc/grpc-js';
import type { Expected } from './expected-revision.ts';
import { Refused, Rejected, type Refusal, type Rejection } from './refusal.ts';

/** How a call ends that is not carried out: a gRPC status, and trailers that the client reads. */
export type Failure = {
  readonly code: status;
  readonly details: string;
  readonly metadata?: Metadata;
};

/** Trailers are ASCII: what is not, is escaped. */
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/gu, encodeURIComponent);

/** The client tells errors apart by `exception`; the other trailers it cannot do without. */
const failure = (
  code: status,
  details: string,
  trailers?: Readonly<Record<string, string>>,
): Failure => {
  if (!trailers) return { code, details };
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, printable(value));
  return { code, details, metadata };
};

const expectedVersion = (expected: Expected): string => {
  switch (expected) {
    case 'any':
      return '-2';
    case 'no-stream':
      return '-1';
    case 'stream-exists':
      return '-4';
    default:
      return expected.toString();
  }
};

export const tooLarge = (limit: number) => `Maximum Append Size of ${limit} Exceeded.`;

export const failureOf = (refusal: Refusal): Failure => {
  switch (refusal.reason) {
    case 'wrong-revision': {
      const { stream, current } = refusal;
      const expected = expectedVersion(refusal.expected);
      return failure(
        status.FAILED_PRECONDITION,
        `Append failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${current}`,
        {
          exception: 'wrong-expected-version',
          'stream-name': stream,
          'expected-version': expected,
          'actual-version': String(current),
        },
      );
    }
    case 'stream-deleted':
      return failure(status.FAILED_PRECONDITION, `Event stream '${refusal.stream}' is deleted.`, {
        exception: 'stream-deleted',
        'stream-name': refusal.stream,
      });
    case 'access-denied':
      return failure(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
    case 'append-too-large':
      return failure(status.INVALID_ARGUMENT, tooLarge(refusal.limit), {
        exception: 'maximum-append-size-exceeded',
        'maximum-append-size': String(refusal.limit),
      });
    case 'metadata-missing':
      return failure(status.INVALID_ARGUMENT, 'Required Metadata Property missing', {
        exception: 'missing-required-metadata-property',
        'required-metadata-properties': 'type,content-type',
      });
    case 'bad-request':
      return failure(status.INVALID_ARGUMENT, refusal.detail);
    case 'timeout':
      return failure(status.ABORTED, 'Operation timed out');
    case 'not-writable':
      return failure(status.INTERNAL, refusal.detail);
  }
};

export const rejectionOf = (rejection: Rejection): Failure => {
  switch (rejection.reason) {
    case 'unauthenticated':
      return failure(status.UNAUTHENTICATED, 'Not Authenticated');
    case 'anonymous':
      return failureOf({ reason: 'access-denied' });
    case 'not-leader':
      return failure(status.NOT_FOUND, 'Leader info available', {
        exception: 'not-leader',
        'leader-endpoint-host': rejection.leader.host,
        'leader-endpoint-port': String(rejection.leader.port),
      });
    case 'busy':
      return failure(status.UNAVAILABLE, 'Server Is Too Busy');
    case 'stopping':
      return failure(status.UNAVAILABLE, 'Server Is Shutting Down');
  }
};

/** What a handler threw, said to the caller. A fault of ours is told without its details. */
export const failureFrom = (error: unknown): Failure => {
  if (error instanceof Refused) return failureOf(error.refusal);
  if (error instanceof Rejected) return rejectionOf(error.rejection);
  return failure(status.UNKNOWN, 'The server made a mistake; its log says which');
};
