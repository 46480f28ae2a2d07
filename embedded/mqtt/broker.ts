import { createServer, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { listen, shut } from '#shared/platform/listen.ts';
import type { Log } from '#shared/platform/log.ts';
import { limitKept, LIMITS, sessionsWithin, type Limits } from './limits.ts';

const PORT_VARIABLE = 'EMBEDDED_MQTT_PORT';
const MOST_CLIENTS = 1_000;
const LARGEST_MESSAGE_BYTES = 256 * 1_024;
/** As MQTT 3.1.1 numbers what a CONNACK says. */
const SERVER_UNAVAILABLE = 3;

export type Broker = { readonly port: number; readonly close: () => Promise<void> };

const observed = (aedes: Aedes, log: Log): Aedes => {
  aedes.on('clientReady', ({ id }) => {
    log.debug({ client: id }, 'connected');
  });
  aedes.on('clientDisconnect', ({ id }) => {
    log.debug({ client: id }, 'disconnected');
  });
  const refuse = (client: { readonly id: string } | null, err: Error) => {
    log.info({ client: client?.id, err }, 'a client was cut off');
  };
  return aedes.on('clientError', refuse).on('connectionError', refuse);
};

/** Aedes ends its clients; who has connected and not yet said a word is not one of them. */
const serverFor = (aedes: Aedes): { readonly net: Server; readonly cutOff: () => void } => {
  const sockets = new Set<Socket>();
  const net = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  net.maxConnections = MOST_CLIENTS;
  const cutOff = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { net, cutOff };
};

/**
 * An MQTT 3.1.1 broker on this machine's own address, open to whoever is on it. Sessions and
 * retained messages live in memory: they are gone with the process, as they may be with any
 * broker, so that publishers have to see to it that nothing is lost.
 * @throws {PortInUse}
 */
export const startBroker = async (options: {
  readonly port: number;
  readonly log: Log;
  readonly limits?: Partial<Limits>;
}): Promise<Broker> => {
  const limits = { ...LIMITS, ...options.limits };
  const mayConnect = sessionsWithin(limits);
  const aedes = observed(
    await Aedes.createBroker({
      authenticate: (client, _username, _password, done) => {
        const why = `more than ${limits.sessions} lasting sessions`;
        if (mayConnect(client)) done(null, true);
        else done(Object.assign(new Error(why), { returnCode: SERVER_UNAVAILABLE }), false);
      },
      authorizePublish: (_client, { payload }, done) => {
        const large = payload.length > LARGEST_MESSAGE_BYTES;
        done(large ? new Error(`a message over ${LARGEST_MESSAGE_BYTES} bytes`) : null);
      },
    }),
    options.log,
  );
  limitKept(aedes, limits, options.log);
  const { net, cutOff } = serverFor(aedes);
  const closeBroker = () =>
    new Promise<void>((resolve) => {
      aedes.close(resolve);
    });

  try {
    const port = await listen(net, options.port, PORT_VARIABLE);
    const close = async () => {
      const shutting = shut(net);
      await closeBroker();
      cutOff();
      await shutting;
    };
    return { port, close };
  } catch (error) {
    await closeBroker();
    throw error;
  }
};
