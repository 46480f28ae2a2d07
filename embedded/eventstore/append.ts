import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerReadableStream } from '@grpc/grpc-js';
import { NO_EVENTS, type Expected } from './expected-revision.ts';
import { streamFrom } from './identifier.ts';
import { expectedFrom, proposedFrom, sizeOf, statedIn } from './proposal.ts';
import type { Proposed } from './record.ts';
import { badRequest, Refused } from './refusal.ts';
import { deadlineOf, expiry, submit, type Store } from './store.ts';
import type { Outcome } from './decision.ts';

type Call = ServerReadableStream<streams.AppendReq, streams.AppendResp>;

const wrongRevision = (expected: Expected, current: number) => {
  const answer = new streams.AppendResp.WrongExpectedVersion();
  if (current === NO_EVENTS) answer.setCurrentNoStream(new shared.Empty());
  else answer.setCurrentRevision(String(current));
  switch (expected) {
    case 'any':
      return answer.setExpectedAny(new shared.Empty());
    case 'no-stream':
      return answer.setExpectedNoStream(new shared.Empty());
    case 'stream-exists':
      return answer.setExpectedStreamExists(new shared.Empty());
    default:
      return answer.setExpectedRevision(expected.toString());
  }
};

const success = (outcome: Exclude<Outcome, { outcome: 'refused' }>) => {
  const answer = new streams.AppendResp.Success();
  if (outcome.outcome === 'written') {
    const position = String(outcome.at.position);
    return answer
      .setCurrentRevision(String(outcome.at.revision))
      .setPosition(
        new streams.AppendResp.Position().setCommitPosition(position).setPreparePosition(position),
      );
  }
  if (outcome.last === NO_EVENTS) answer.setNoStream(new shared.Empty());
  else answer.setCurrentRevision(String(outcome.last));
  return answer.setNoPosition(new shared.Empty());
};

/** A lost race is an answer here, and no error; whatever else goes wrong is an error. */
const answerTo = (outcome: Outcome): streams.AppendResp => {
  if (outcome.outcome !== 'refused') return new streams.AppendResp().setSuccess(success(outcome));
  const { refusal } = outcome;
  if (refusal.reason !== 'wrong-revision') throw new Refused(refusal);
  const { expected, current } = refusal;
  return new streams.AppendResp().setWrongExpectedVersion(wrongRevision(expected, current));
};

type Received = { stream: string; expected: Expected; events: Proposed[]; size: number };

const begin = (options: streams.AppendReq.Options): Received => ({
  stream: streamFrom(options.getStreamIdentifier()),
  expected: expectedFrom({
    revision: options.hasRevision() ? options.getRevision() : undefined,
    noStream: options.hasNoStream(),
    streamExists: options.hasStreamExists(),
  }),
  events: [],
  size: 0,
});

const receive = async (call: Call, maxAppendSize: number): Promise<Received> => {
  let received: Received | undefined;
  const requests = call.iterator({ destroyOnReturn: false });
  for await (const request of requests as AsyncIterable<streams.AppendReq>) {
    const options = request.getOptions();
    const message = request.getProposedMessage();
    if (options) received = begin(options);
    else if (!received) throw badRequest('An append begins with its options');
    else if (message) {
      const event = proposedFrom(statedIn(message));
      received.events.push(event);
      received.size += sizeOf(event);
      if (received.size > maxAppendSize)
        throw new Refused({ reason: 'append-too-large', limit: maxAppendSize });
    }
  }
  if (!received) throw badRequest('An append begins with its options');
  return received;
};

/** One append over a call of its own. */
export const append =
  (store: Store) =>
  async (call: Call): Promise<streams.AppendResp> => {
    try {
      const rights = store.rightsOf(call.metadata);
      const { stream, expected, events: what, size } = await receive(call, store.maxAppendSize);
      const expiresAt = expiry(store, deadlineOf(call));
      return answerTo(await submit(store, rights, { stream, expected, what, size, expiresAt }));
    } finally {
      // What still comes is let go by; left unread, it would hold up the connection.
      call.resume();
    }
  };
