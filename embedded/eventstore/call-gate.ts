import { ServerInterceptingCall, type Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { rejectionOf, type Failure } from './errors.ts';
import type { Endpoint } from './refusal.ts';

export const STREAMS = '/event_store.client.streams.Streams/';
export const READ = `${STREAMS}Read`;
export const BATCH_APPEND = `${STREAMS}BatchAppend`;

/** A call of which nothing has been read but what it is. */
export type Arriving = {
  readonly path: string;
  readonly metadata: Metadata;
  /** As whom the caller addresses us: `host:port`. */
  readonly host: string;
};

/** Answers some calls, before they begin, with a failure. */
export const refusing =
  (failureOf: (call: Arriving) => Failure | undefined): ServerInterceptor =>
  ({ path }, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMetadata: (metadata, proceed) => {
            const failure = failureOf({ path, metadata, host: call.getHost() });
            if (failure) call.sendStatus(failure);
            else proceed(metadata);
          },
        });
      },
    });

/**
 * Stands in for a follower. A real one passes a write on to the leader, unless it is told that
 * only the leader will do; this one has nobody to pass it on to.
 */
export const following = (leader: Endpoint): ServerInterceptor =>
  refusing(({ path, metadata }) => {
    const isWrite = path.startsWith(STREAMS) && path !== READ;
    const wantsLeader = metadata.get('requires-leader')[0] === 'true';
    return isWrite || wantsLeader ? rejectionOf({ reason: 'not-leader', leader }) : undefined;
  });
