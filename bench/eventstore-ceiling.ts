import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
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
import type { BatchRequest } from '../embedded/eventstore/batch-request.ts';
import { supportedMethods } from '../embedded/eventstore/features.ts';
import { outgoing } from '../embedded/eventstore/outgoing.ts';
import { senderTo } from '../embedded/eventstore/sender.ts';
import { streamsService } from '../embedded/eventstore/services.ts';

/**
 * A server that keeps nothing: it answers every append at once, and every read with the same
 * messages. What gRPC and the client allow, and no server can exceed. Gives its port.
 */
export const ceilingServer = (messages: readonly Buffer[]): Promise<number> => {
  const server = new Server();
  server.addService(streamsService, {
    batchAppend: (call: ServerDuplexStream<BatchRequest, Buffer>) => {
      const sender = senderTo(call, () => undefined);
      let position = 0;
      call.on('data', ({ correlation, options }: BatchRequest) => {
        if (!correlation || !options) return;
        position += 900;
        const at = { revision: 0, position };
        const { identifier } = options;
        sender.send(batchAnswer({ correlation, identifier }, { outcome: 'written', at }));
      });
      call.on('end', () => {
        sender.flush();
        call.end();
      });
    },
    read: (call: ServerWritableStream<streams.ReadReq, Buffer>) => {
      const subscribes = call.request.getOptions()?.hasSubscription();
      const out = outgoing(call);
      void (async () => {
        if (subscribes) await out.send(confirmation('ceiling'));
        for (const message of messages) {
          const full = out.send(message);
          if (full) await full;
        }
        if (!subscribes) out.end();
      })();
    },
  });
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
