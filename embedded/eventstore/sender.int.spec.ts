import { once } from 'node:events';
import { connect } from 'node:http2';
import {
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { expect } from 'chai';
import { senderTo } from './sender.ts';

/** Some megabytes: whatever is used again is. */
const MESSAGES = 3_000;
const PATH = '/spec/Numbers';
const asItIs = (bytes: Buffer): Buffer => bytes;
const message = (nth: number) => Buffer.from(`message ${nth} ${String(nth % 10).repeat(nth)}`);
const passing: ServerInterceptor = (_method, call) => new ServerInterceptingCall(call);

/** What a reader gets who knows HTTP/2, and of gRPC that a message has its length before it. */
const readAll = async (port: number) => {
  const session = connect(`http://127.0.0.1:${port}`);
  const request = session.request({
    ':method': 'POST',
    ':path': PATH,
    'content-type': 'application/grpc',
  });
  const chunks: Buffer[] = [];
  let trailers: Record<string, unknown> = {};
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('trailers', (told: Record<string, unknown>) => (trailers = told));
  // A message of no length.
  request.end(Buffer.alloc(5));
  await once(request, 'close');
  session.close();
  const bytes = Buffer.concat(chunks);
  const messages: string[] = [];
  for (let at = 0; at < bytes.length;) {
    expect(bytes[at], 'nothing is compressed').to.equal(0);
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    messages.push(bytes.toString('utf8', at + 5, end));
    at = end;
  }
  return { messages, chunks: chunks.length, trailers };
};

describe('What is sent of a call', () => {
  let server: Server;
  afterEach(() => {
    server.forceShutdown();
  });

  for (const [how, interceptors, most] of [
    ['goes many messages at a time', [], MESSAGES / 5],
    ['goes one by one where an interceptor wants to see each', [passing], MESSAGES * 2],
  ] as const)
    it(`${how}, in order, and with the end after it`, async () => {
      server = new Server({ interceptors: [...interceptors] });
      const definition = {
        path: PATH,
        requestStream: false,
        responseStream: true,
        requestSerialize: asItIs,
        requestDeserialize: asItIs,
        responseSerialize: asItIs,
        responseDeserialize: asItIs,
      };
      server.addService(
        { numbers: definition },
        {
          numbers: (call: ServerWritableStream<Buffer, Buffer>) => {
            let nth = 0;
            const fill = () => {
              while (nth < MESSAGES && !sender.isFull()) sender.send(message(nth++));
              sender.flush();
              if (nth === MESSAGES) call.end();
            };
            const sender = senderTo(call, fill);
            fill();
          },
        },
      );
      const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
          if (error) reject(error);
          else resolve(bound);
        });
      });
      const { messages, chunks, trailers } = await readAll(port);
      expect(messages).to.deep.equal(
        Array.from({ length: MESSAGES }, (_, nth) => message(nth).toString()),
      );
      expect(chunks).to.be.below(most);
      expect(trailers['grpc-status']).to.equal('0');
    });
});
