import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

export type ACable = {
  readonly port: number;
  /** Whoever is connected is not any more, and nobody can be until it is mended. */
  readonly cut: () => void;
  /** Questions get through, answers do not: they are lost when it is cut. */
  readonly mute: () => void;
  /** As good as new. What was held back is let go. */
  readonly mend: () => void;
  readonly close: () => Promise<void>;
};

type Line = { readonly client: Socket; readonly server: Socket };

const drop = ({ client, server }: Line): void => {
  client.destroy();
  server.destroy();
};

/** Lies between a client and a server on this machine, for specs of what goes wrong there. */
export const aCable = async (to: number): Promise<ACable> => {
  const lines = new Set<Line>();
  let isCut = false;
  let isMute = false;

  const cable = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const line = { client, server: createConnection(to, '127.0.0.1') };
    lines.add(line);
    const end = () => {
      drop(line);
      lines.delete(line);
    };
    client.on('error', end).on('close', end).pipe(line.server);
    line.server.on('error', end).on('close', end);
    if (!isMute) line.server.pipe(client);
  });
  cable.listen(0, '127.0.0.1');
  await once(cable, 'listening');

  return {
    port: (cable.address() as AddressInfo).port,
    cut: () => {
      isCut = true;
      for (const line of lines) drop(line);
    },
    mute: () => {
      isMute = true;
      for (const { server, client } of lines) server.unpipe(client).pause();
    },
    mend: () => {
      if (isMute) for (const { server, client } of lines) server.pipe(client);
      isCut = isMute = false;
    },
    close: async () => {
      for (const line of lines) drop(line);
      cable.close();
      await once(cable, 'close');
    },
  };
};
