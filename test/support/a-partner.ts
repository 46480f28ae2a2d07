import { once } from 'node:events';
import { createServer as httpServer, type RequestListener } from 'node:http';
import { createServer as tcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Where a server of ours listens, and how it is taken away again with all that hangs on it. */
export const listening = async (server: Server) => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/cashback`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return;
      await once(server.close(), 'close');
    },
  };
};

export type Credit = { readonly document: string; readonly cashback: string };
export type Asked = Credit & { readonly idempotencyKey: string };

/** A partner's API that counts what it was asked, and answers as it is told. */
export const aPartner = async (
  answer: (asked: Asked, ...rest: Parameters<RequestListener>) => unknown,
) => {
  const asked: Asked[] = [];
  const server = httpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const credit = JSON.parse(Buffer.concat(chunks).toString()) as Credit;
      const one = { ...credit, idempotencyKey: String(request.headers['idempotency-key']) };
      asked.push(one);
      answer(one, request, response);
    });
  });
  return { asked, ...(await listening(server)) };
};
export type APartner = Awaited<ReturnType<typeof aPartner>>;

/** A port at which whatever connects is handed to `serve`, byte by byte. */
export const aSocket = (serve: (socket: Socket) => void) => listening(tcpServer(serve));

/** As the partner's contract has it. */
export const credited = ({ document, cashback }: Credit, id = '77') =>
  JSON.stringify({
    ...{ createdAt: '2026-01-15T12:00:00.000Z', message: 'Cashback criado com sucesso!' },
    ...{ id, document, cashback },
  });
