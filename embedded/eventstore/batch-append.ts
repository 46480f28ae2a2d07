import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Rights } from './access.ts';
import { batchAnswer } from './batch-answer.ts';
import { refused, type Outcome } from './decision.ts';
import { failureFrom } from './errors.ts';
import { streamFrom } from './identifier.ts';
import { pendingAppends, type PendingAppend } from './pending-appends.ts';
import { expectedFrom, proposedFrom } from './proposal.ts';
import { Refused, type Refusal } from './refusal.ts';
import { expiry, submit, type OpenCall, type Store } from './store.ts';

type Request = streams.BatchAppendReq;
type Call = ServerDuplexStream<Request, streams.BatchAppendResp>;

const EXPIRY_CHECK_MS = 100;

const deadlineOf = (options: streams.BatchAppendReq.Options): number => {
  const deadline = options.getDeadline();
  return deadline ? deadline.getSeconds() * 1000 + deadline.getNanos() / 1e6 : Infinity;
};

const begin = (
  store: Store,
  correlation: shared.UUID,
  options: streams.BatchAppendReq.Options,
): PendingAppend => ({
  correlation,
  identifier: options.getStreamIdentifier(),
  stream: streamFrom(options.getStreamIdentifier()),
  expected: expectedFrom({
    revision: options.hasStreamPosition() ? options.getStreamPosition() : undefined,
    noStream: options.hasNoStream(),
    streamExists: options.hasStreamExists(),
  }),
  expiresAt: expiry(store, deadlineOf(options)),
  events: [],
  size: 0,
  complete: false,
});

/** The answers to the appends of one call: exactly one each, or the client falls over. */
const answering = (call: Call) => {
  const pending = pendingAppends();
  let whenAnswered: (() => void) | undefined;

  const regulate = (): void => {
    if (whenAnswered || pending.isFull() || call.writableNeedDrain) call.pause();
    else call.resume();
  };
  /** Takes no more, and ends in this way once everything that was taken has been answered. */
  const close = (end: () => void): void => {
    if (whenAnswered) return;
    whenAnswered = end;
    regulate();
    if (pending.isEmpty()) end();
  };
  call.on('drain', regulate);
  call.on('end', () => {
    close(() => {
      call.end();
    });
  });

  return {
    pending,
    close,
    regulate,
    answer: (append: PendingAppend, outcome: Outcome): void => {
      if (!pending.settle(append) || call.cancelled) return;
      call.write(batchAnswer(append.correlation, append.identifier, outcome));
      regulate();
      if (pending.isEmpty()) whenAnswered?.();
    },
    refuse: (
      correlation: shared.UUID,
      identifier: shared.StreamIdentifier | undefined,
      refusal: Refusal,
    ) => call.write(batchAnswer(correlation, identifier, refused(refusal))),
  };
};

/** Nothing when the call has been ended: the caller is nobody we know. */
const rightsIn = ({ rightsOf }: Store, call: Call): Rights | undefined => {
  try {
    return rightsOf(call.metadata);
  } catch (error) {
    call.emit('error', failureFrom(error));
    return undefined;
  }
};

/**
 * Many appends over one call, in chunks that may come mixed, answered in no order. A chunk of an
 * append that is not known, or not any more, gets no answer.
 */
export const batchAppend =
  (store: Store, open: Set<OpenCall>) =>
  (call: Call): void => {
    const rights = rightsIn(store, call);
    if (!rights) return;
    const { pending, answer, refuse, regulate, close } = answering(call);

    const end = (error: unknown): void => {
      close(() => call.emit('error', failureFrom(error)));
    };
    const fail = (error: unknown): void => {
      store.onFault(error, 'batch append');
      end(error);
    };
    const take = (append: PendingAppend, request: Request): void => {
      pending.grow(append, request.getProposedMessagesList().map(proposedFrom));
      append.complete = request.getIsFinal() || append.size > store.maxAppendSize;
      if (!append.complete) return;
      const { stream, expected, events: what, size, expiresAt } = append;
      void submit(store, rights, { stream, expected, what, size, expiresAt }).then((outcome) => {
        answer(append, outcome);
      });
    };
    const receive = (correlation: shared.UUID, request: Request): void => {
      const options = request.getOptions();
      let append = pending.find(correlation);
      if (append?.complete) return;
      try {
        if (!append && options) pending.add((append = begin(store, correlation, options)));
        if (append) take(append, request);
      } catch (error) {
        if (!(error instanceof Refused)) fail(error);
        else if (append) answer(append, refused(error.refusal));
        else refuse(correlation, options?.getStreamIdentifier(), error.refusal);
      }
    };

    const expire = () => {
      for (const late of pending.expired(store.now())) answer(late, refused({ reason: 'timeout' }));
    };
    const timer = setInterval(expire, EXPIRY_CHECK_MS).unref();
    const self: OpenCall = { end };
    open.add(self);
    // Said of every call when it is over, however it ended.
    call.on('cancelled', () => {
      clearInterval(timer);
      open.delete(self);
    });
    call.on('data', (request: Request) => {
      const correlation = request.getCorrelationId();
      if (correlation) receive(correlation, request);
      regulate();
    });
  };
