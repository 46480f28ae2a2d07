import type { EventStoreDBClient } from '@eventstore/db-client';
import type { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { CallOptions, Channel, ClientReadableStream, Metadata } from '@grpc/grpc-js';

/** What the client keeps to itself: how it dials, how it calls, and how it dials again. */
type Inside = {
  /** Another one after it has dialled again. */
  readonly getGRPCClient: (kind: typeof StreamsClient, name: string) => Promise<StreamsClient>;
  /** With the user and the name of the connection in them. */
  readonly callArguments: (options: object, more: CallOptions) => [Metadata, CallOptions];
  /** Dials again when it is such a failure, and knows another leader when it is told of one. */
  readonly handleError: (failed: StreamsClient, error: Error) => Promise<void>;
  /** Makes a call that ends with the client, and looks at its failures like `handleError`. */
  readonly GRPCStreamCreator: <T>(
    kind: typeof StreamsClient,
    name: string,
    make: (by: StreamsClient) => ClientReadableStream<T>,
  ) => () => Promise<ClientReadableStream<T>>;
  readonly getChannel: () => Promise<Channel>;
};

/** For want of a public way. The version of the client is exact, and specs go through all of it. */
export const inside = (client: EventStoreDBClient): Inside => client as unknown as Inside;
