import gossips from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { sendUnaryData, Server } from '@grpc/grpc-js';
import { append } from './append.ts';
import { batchAppend } from './batch-append.ts';
import { batchRequestFrom } from './batch-request.ts';
import { softDelete, tombstone } from './delete.ts';
import { failureFrom } from './errors.ts';
import { supportedMethods } from './features.ts';
import { clusterOfOne } from './gossip.ts';
import { read } from './read.ts';
import { isForeseen } from './refusal.ts';
import type { OpenCall, Store } from './store.ts';

const asItIs = (answer: Buffer): Buffer => answer;

/** The client's own definitions; but where much comes or goes it is read and written by hand. */
export const streamsService = {
  ...services.StreamsService,
  read: { ...services.StreamsService.read, responseSerialize: asItIs },
  batchAppend: {
    ...services.StreamsService.batchAppend,
    requestDeserialize: batchRequestFrom,
    responseSerialize: asItIs,
  },
};

const answered =
  <Call, Answer>(store: Store, doing: string, handle: (call: Call) => Promise<Answer>) =>
  (call: Call, callback: sendUnaryData<Answer>): void => {
    handle(call).then(
      (answer) => {
        callback(null, answer);
      },
      (error: unknown) => {
        if (!isForeseen(error)) store.onFault(error, doing);
        callback(failureFrom(error));
      },
    );
  };

/** What the server does. `open` holds the calls that go on until they are ended. */
export const addServices = (server: Server, store: Store, open: Set<OpenCall>): void => {
  server.addService(streamsService, {
    read: read(store, open),
    batchAppend: batchAppend(store, open),
    append: answered(store, 'append', append(store)),
    delete: answered(store, 'delete', softDelete(store)),
    tombstone: answered(store, 'tombstone', tombstone(store)),
  });
  server.addService(features.ServerFeaturesService, {
    getSupportedMethods: answered(store, 'features', (_call: unknown) =>
      Promise.resolve(supportedMethods()),
    ),
  });
  const cluster = clusterOfOne(store.now);
  server.addService(gossips.GossipService, {
    read: answered(store, 'gossip', (call: { getHost: () => string }) =>
      Promise.resolve(cluster(call.getHost())),
    ),
  });
};
