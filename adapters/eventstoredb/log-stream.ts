import { Readable } from 'node:stream';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { convertToCommandError } from '@eventstore/db-client/dist/utils/CommandError.js';
import { isClientCancellationError } from '@eventstore/db-client/dist/utils/isClientCancellationError.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { NoSuchStream } from './failures.ts';
import { inside } from './inside.ts';
import type { RawEvent } from './raw-page.ts';
import { NO_EVENT, NO_STREAM, sentEvent, type Sent } from './sent-event.ts';

/** A stream from its beginning, or a part of the log. */
export type LogAsked = { readonly stream: string } | PartOfLog;
type PartOfLog = {
  /** A read begins with the very event at that position, and a subscription after it. */
  readonly from: bigint;
  /** Whatever there is, if nothing is said. */
  readonly most?: number;
  /** On and on, as a subscription. */
  readonly live?: boolean;
};

export type LogStream = Readable & {
  readonly cancel: () => Promise<void>;
  readonly [Symbol.asyncIterator]: () => NodeJS.AsyncIterator<RawEvent>;
};

type Call = ClientReadableStream<Sent>;

const { Options } = streams.ReadReq;

const allFrom = (from: bigint) => {
  const all = new Options.AllOptions();
  if (from <= BEGINNING) return all.setStart(new shared.Empty());
  const at = String(from);
  return all.setPosition(new Options.Position().setCommitPosition(at).setPreparePosition(at));
};

const wholeStream = (name: string) =>
  new Options.StreamOptions()
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(name)))
    .setStart(new shared.Empty());

const requestFor = (asked: LogAsked) => {
  const options = new Options()
    .setReadDirection(Options.ReadDirection.FORWARDS)
    .setUuidOption(new Options.UUIDOption().setString(new shared.Empty()))
    .setNoFilter(new shared.Empty())
    .setCount(String(Number.MAX_SAFE_INTEGER));
  if ('stream' in asked) options.setStream(wholeStream(asked.stream));
  else {
    options.setAll(allFrom(asked.from));
    if (asked.live) options.setSubscription(new Options.SubscriptionOptions());
    else if (asked.most !== undefined) options.setCount(String(asked.most));
  }
  return new streams.ReadReq().setOptions(options);
};

const serialized = (request: streams.ReadReq): Buffer => Buffer.from(request.serializeBinary());

const calling = (client: EventStoreDBClient, request: streams.ReadReq): Promise<Call> => {
  const { GRPCStreamCreator: creator, callArguments } = inside(client);
  return creator(services.StreamsClient, 'log', (by) =>
    by.makeServerStreamRequest(
      services.StreamsService.read.path,
      serialized,
      sentEvent,
      request,
      ...callArguments({}, { deadline: Infinity }),
    ),
  )();
};

/**
 * A read of the log or of a stream, or a subscription: the client's own call, with its user, its
 * way of dialling again and its errors; but of an event no more is read than somebody looks at,
 * which is most of what the client's own costs. It lets go of the server when it is destroyed.
 * Fails with {NoSuchStream} where there is none.
 */
export const logStream = (
  client: EventStoreDBClient,
  asked: LogAsked,
  { highWaterMark }: { readonly highWaterMark?: number } = {},
): LogStream => {
  let call: Call | undefined;
  let isThere = true;
  const events = new Readable({
    objectMode: true,
    ...(highWaterMark !== undefined && { highWaterMark }),
    read: () => {
      call?.resume();
    },
    destroy: (error, done) => {
      call?.cancel();
      done(error);
    },
  });
  const fail = (error: unknown): void => {
    events.destroy(error as Error);
  };
  /** Nothing is left to cancel then: servers close connections on which calls are cancelled often. */
  const ended = (): void => {
    call = undefined;
    if (isThere) events.push(null);
    else fail(new NoSuchStream());
  };
  const follow = (made: Call): void => {
    call = made;
    made
      .on('data', (answer: Sent) => {
        if (answer === NO_STREAM) isThere = false;
        else if (answer !== NO_EVENT && !events.push(answer)) made.pause();
      })
      .on('end', ended)
      .on('error', (error: ServiceError) => {
        // A client that makes way for another ends its calls: what came of it is for others to say.
        if (isClientCancellationError(error)) ended();
        else fail(convertToCommandError(error));
      });
    if (events.destroyed) made.cancel();
  };
  calling(client, requestFor(asked)).then(follow, fail);
  return Object.assign(events, { cancel: () => Promise.resolve(void events.destroy()) });
};
