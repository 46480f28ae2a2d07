import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { Rights } from './access.ts';
import { batchAnswer } from './batch-answer.ts';
import type { BatchOptions, BatchRequest } from './batch-request.ts';
import { refused, type Outcome } from './decision.ts';
import { failureFrom } from './errors.ts';
import { streamNamed } from './identifier.ts';
import { pendingAppends, type PendingAppend } from './pending-appends.ts';
import { proposedFrom } from './proposal.ts';
import { Refused, type Refusal } from './refusal.ts';
import { senderTo } from './sender.ts';
import { expiry, submit, type OpenCall, type Store } from './store.ts';

type Call = ServerDuplexStream<BatchRequest, Buffer>;

const EXPIRY_CHECK_MS = 100;

const begin = (store: Store, correlation: Buffer, options: BatchOptions): PendingAppend => ({
  correlation,
  identifier: options.identifier,
  stream: streamNamed(options.streamName),
  expected: options.expected,
  expiresAt: expiry(store, Math.min(options.deadline, store.now() + options.within)),
  events: [],
  size: 0,
  complete: false,
});

/** The answers to the appends of one call: exactly one each, or the client falls over. */
const answering = (call: Call) => {
  const pending = pendingAppends();
  let whenAnswered: (() => void) | undefined;

  const regulate = (): void => {
    if (whenAnswered || pending.isFull() || sender.isFull()) call.pause();
    else call.resume();
  };
  const sender = senderTo(call, regulate);
  /** Answers that were given are sent before the call is over. */
  const finish = (): void => {
    sender.flush();
    whenAnswered?.();
  };
  /** Takes no more, and ends in this way once everything that was taken has been answered. */
  const close = (end: () => void): void => {
    if (whenAnswered) return;
    whenAnswered = end;
    regulate();
    if (pending.isEmpty()) finish();
  };
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
      if (!pending.settle(append)) return;
      sender.send(batchAnswer(append, outcome));
      regulate();
      if (pending.isEmpty() && whenAnswered) finish();
    },
    refuse: (correlation: Buffer, identifier: Buffer, refusal: Refusal): void => {
      sender.send(batchAnswer({ correlation, identifier }, refused(refusal)));
    },
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
    const take = (append: PendingAppend, { events, isFinal }: BatchRequest): void => {
      pending.grow(append, events.map(proposedFrom));
      append.complete = isFinal || append.size > store.maxAppendSize;
      if (!append.complete) return;
      const { stream, expected, events: what, size, expiresAt } = append;
      void submit(store, rights, { stream, expected, what, size, expiresAt }).then((outcome) => {
        answer(append, outcome);
      });
    };
    const receive = (correlation: Buffer, request: BatchRequest): void => {
      const { options } = request;
      let append = pending.find(correlation);
      if (append?.complete) return;
      try {
        if (!append && options) pending.add((append = begin(store, correlation, options)));
        if (append) take(append, request);
      } catch (error) {
        if (!(error instanceof Refused)) fail(error);
        else if (append) answer(append, refused(error.refusal));
        else if (options) refuse(correlation, options.identifier, error.refusal);
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
    call.on('data', (request: BatchRequest) => {
      if (request.correlation) receive(request.correlation, request);
      regulate();
    });
  };
