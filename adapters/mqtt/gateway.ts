import { setMaxListeners } from 'node:events';
import type { MqttClient } from 'mqtt';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { Clock } from '#shared/kernel/message.ts';
import type { Log } from '#shared/platform/log.ts';
import { connected, end, publishSurely, versionOf, type Version } from './connection.ts';
import { swapsIn } from './deciding.ts';
import { hearing } from './hearing.ts';
import { listenOn, type Listening } from './listening.ts';
import { noticingPresence, presenceOf, statusIn } from './presence.ts';
import { publishFromLog, type Checkpoint } from './publishing.ts';
import { topicsOf, type TopicMap, type Topics } from './topics.ts';

/** With a shared subscription they take turns; without one, each would hear everything. */
const SHARING_CONNECTIONS = 4;

export type Gateway = {
  readonly url: string;
  /** Of no other gateway, and the same after a restart: the broker keeps its sessions by it. */
  readonly id: string;
  readonly topics: Topics;
  readonly timeoutMs: number;
  readonly eventStore: EventStore;
  readonly checkpoint: Checkpoint;
  /** Runs what only one gateway does at a time, when it is this one's turn. */
  readonly solely: (work: (signal: AbortSignal) => Promise<void>) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
};

export type RunningGateway = {
  readonly isConnected: () => boolean;
  readonly version: () => Version | undefined;
  /** Resolves when it has stopped. */
  readonly stopped: Promise<void>;
};

const listeners = (
  { url, id, log }: Gateway,
  version: Version,
  listening: Listening,
  signal: AbortSignal,
): readonly MqttClient[] => {
  const shares = version === 5;
  return Array.from({ length: shares ? SHARING_CONNECTIONS : 1 }, (_, nth) => {
    const client = connected(url, `${id}-listens-${nth}`, version, { log });
    // What is retained is not sent to those who share, and presence is for one of them anyhow.
    const presences = nth === 0 ? [listening.topics.presences] : [];
    listenOn(client, [...listening.topics.replies(shares), ...presences], listening, signal);
    return client;
  });
};

/** Since when all is there that is needed: a connection, and whoever else listens. */
const settling = (client: MqttClient, own: string) => {
  let since: number | undefined;
  const start = () => {
    since = performance.now();
  };
  client.on('connect', start);
  client.on('close', () => {
    since = undefined;
  });
  client.on('message', (topic, payload, { retain }) => {
    // What was retained says how it was before. What has just gone took with it what it had heard.
    const isGone = !retain && topic !== own && statusIn(payload) === 'offline';
    if (isGone && since !== undefined) start();
  });
  return () => since;
};

const publisher = ({ url, id, log }: Gateway, version: Version, topics: TopicMap) => {
  const own = topics.ofGateway(id);
  const retained = { qos: 1, retain: true } as const;
  const will = { topic: own, payload: Buffer.from(presenceOf('offline')), ...retained };
  const client = connected(url, `${id}-publishes`, version, { log, will });
  const settledSince = settling(client, own);
  client.on('connect', () => {
    client.publish(own, presenceOf('online'), retained);
    client.subscribeAsync(topics.ofAllGateways, { qos: 1 }).catch((err: unknown) => {
      log.warn({ err }, 'cannot hear whether other gateways are gone');
    });
  });
  return { client, settledSince };
};

const sayGoodbye = async (client: MqttClient, topic: string): Promise<void> => {
  if (client.connected) client.publish(topic, presenceOf('offline'), { qos: 1, retain: true });
  await end(client);
};

/**
 * Between the log and the equipment, until it is told to stop: publishes what was started, and
 * puts on record what comes back. A broker that is away is waited for.
 */
export const runGateway = (gateway: Gateway, signal: AbortSignal): RunningGateway => {
  const { url, id, eventStore, clock, log } = gateway;
  // Whatever is in flight listens to it, and how much that may be is bounded.
  setMaxListeners(0, signal);
  const topics = topicsOf(gateway.topics);
  const own = topics.ofGateway(id);
  let clients: readonly MqttClient[] = [];
  let spoken: Version | undefined;

  const run = async (): Promise<void> => {
    spoken = await versionOf(url, { log, signal });
    if (spoken === undefined) return;
    const version = spoken;
    const swaps = swapsIn(eventStore);
    const hear = hearing(eventStore, swaps, clock, log);
    const { client, settledSince } = publisher(gateway, version, topics);
    const listening = { hear, presence: noticingPresence(eventStore, clock), topics, log };
    const heard = listeners(gateway, version, listening, signal);
    clients = [client, ...heard];
    log.info({ version }, 'speaks to the MQTT broker');

    try {
      await gateway.solely((until) =>
        publishFromLog(
          {
            ...{ ...gateway, swaps, topics, version, gateway: id, settledSince },
            publish: (message, cut) => publishSurely(client, message, cut),
          },
          until,
        ),
      );
    } finally {
      await Promise.all([sayGoodbye(client, own), ...heard.map(end)]);
    }
  };
  return {
    isConnected: () => clients.length > 0 && clients.every((client) => client.connected),
    version: () => spoken,
    stopped: run(),
  };
};
