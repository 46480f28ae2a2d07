import { once } from 'node:events';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { confirmation } from '../embedded/eventstore/answers.ts';
import { batchAnswer } from '../embedded/eventstore/batch-answer.ts';
import { supportedMethods } from '../embedded/eventstore/features.ts';

/**
 * A server that keeps nothing: it answers every append at once, and every read with the same
 * messages. What gRPC and the client allow, and no server can exceed. Gives its port.
 */
export const ceilingServer = (messages: readonly Buffer[]): Promise<number> => {
  const server = new Server();
  const read = { ...services.StreamsService.read, responseSerialize: (bytes: Buffer) => bytes };
  server.addService(
    { ...services.StreamsService, read },
    {
      batchAppend: (call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>) => {
        let position = 0;
        call.on('data', (request: streams.BatchAppendReq) => {
          position += 900;
          const stream = request.getOptions()?.getStreamIdentifier();
          const at = { revision: 0, position };
          call.write(batchAnswer(request.getCorrelationId(), stream, { outcome: 'written', at }));
        });
        call.on('end', () => {
          call.end();
        });
      },
      read: (call: ServerWritableStream<streams.ReadReq, Buffer>) => {
        const subscribes = call.request.getOptions()?.hasSubscription();
        void (async () => {
          if (subscribes) call.write(confirmation('ceiling'));
          for (const message of messages) if (!call.write(message)) await once(call, 'drain');
          if (!subscribes) call.end();
        })();
      },
    },
  );
  server.addService(features.ServerFeaturesService, {
    getSupportedMethods: (_call: unknown, answer: sendUnaryData<unknown>) => {
      answer(null, supportedMethods());
    },
  });
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
};
