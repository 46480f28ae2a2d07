import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, connectAsync, type IPublishPacket, type MqttClient } from 'mqtt';
import { brokerAddress, type BrokerAddress } from '#shared/platform/broker-address.ts';
import type { Log } from '#shared/platform/log.ts';
import { answersTo, type Mode } from './answers.ts';
import { jsonRequest, textRequest, type Request } from './words.ts';

/** What it means to say and has not said yet. Asked for more, it is silent. */
const MOST_WAITING = 20_000;
const RECONNECT_MS = 250;
const LONGEST_END_MS = 1_000;

export type Equipment = {
  readonly url: string;
  readonly mode: Mode;
  readonly seed: string;
  /** How late it is when it is. */
  readonly lateMs: number;
  readonly topics: {
    readonly request: string;
    readonly reply: string;
    readonly stations: string;
  };
  /** Those that say whether they are there; each has a connection, and a last will. */
  readonly stations: readonly string[];
  readonly log: Log;
};

export type Simulator = { readonly close: () => Promise<void> };

/** Of MQTT 5 if the broker speaks it, else of 3.1.1. */
const versionOf = async ({ at, as }: BrokerAddress): Promise<4 | 5> => {
  try {
    const once = { protocolVersion: 5, reconnectPeriod: 0 } as const;
    const client = await connectAsync(at, { ...as, ...once }, false);
    await client.endAsync(true);
    return 5;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 1 || code === 0x84) return 4;
    throw error;
  }
};

const untilKnown = async (
  address: BrokerAddress,
  log: Log,
  signal: AbortSignal,
): Promise<4 | 5> => {
  for (;;)
    try {
      return await versionOf(address);
    } catch (err) {
      log.debug({ err }, 'the broker is not there yet');
      await pause(RECONNECT_MS, undefined, { signal });
    }
};

const retained = { qos: 1, retain: true } as const;
const presence = (status: string) => JSON.stringify({ status });

/** Answers what it is asked, by its plan; while the broker is away it keeps what it has to say. */
const answering = ({ mode, seed, lateMs, topics }: Equipment, stopping: AbortSignal) => {
  let waiting = 0;

  const say = async (
    client: MqttClient,
    topic: string,
    text: string,
    afterMs: number,
    packet: IPublishPacket,
  ) => {
    waiting += 1;
    try {
      await pause(afterMs, undefined, { signal: stopping });
      const correlationData = packet.properties?.correlationData;
      const properties = {
        ...(correlationData && { correlationData }),
        contentType: 'application/json',
      };
      const options = client.options.protocolVersion === 5 && correlationData ? { properties } : {};
      await client.publishAsync(topic, text, { qos: 1, ...options });
    } catch {
      // It was switched off meanwhile.
    } finally {
      waiting -= 1;
    }
  };
  const read = (packet: IPublishPacket): Request | undefined => {
    const payload = packet.payload.toString();
    return packet.topic === topics.request ? textRequest(payload) : jsonRequest(payload);
  };

  return (client: MqttClient, packet: IPublishPacket): void => {
    const request = read(packet);
    if (!request || waiting >= MOST_WAITING) return;
    const own = packet.topic === topics.request ? topics.reply : `${packet.topic}/RESPONSE`;
    const topic = packet.properties?.responseTopic ?? own;
    for (const { says, afterMs } of answersTo(request.transaction, { mode, seed, lateMs }))
      void say(client, topic, request.reply(says, seed), afterMs, packet);
  };
};

/**
 * Equipment of all stations that there are: it knows what its makers wrote down, and no more.
 * @throws {BadConfig} if the URL is none.
 */
export const startEquipment = (equipment: Equipment): Simulator => {
  const { topics, stations, log } = equipment;
  const address = brokerAddress(equipment.url);
  const stopping = new AbortController();
  // Everything it has still to say listens to it, and that is bounded.
  setMaxListeners(0, stopping.signal);
  const clients: MqttClient[] = [];
  const answer = answering(equipment, stopping.signal);

  const join = (protocolVersion: 4 | 5, clientId: string, filters: string[], station?: string) => {
    const topic = `${topics.stations}/${station ?? ''}/PRESENCE`;
    const will = { topic, payload: Buffer.from(presence('offline')), ...retained };
    const client = connect(address.at, {
      ...{ ...address.as, protocolVersion, clientId, clean: false, reconnectPeriod: RECONNECT_MS },
      ...(protocolVersion === 5 && { properties: { sessionExpiryInterval: 300 } }),
      ...(station !== undefined && { will }),
    });
    client.on('error', (err) => {
      log.debug({ err, clientId }, 'in trouble with the broker');
    });
    client.on('connect', () => {
      client.subscribeAsync(filters, { qos: 1 }).catch((err: unknown) => {
        log.debug({ err, clientId }, 'could not subscribe');
      });
      if (station !== undefined) client.publish(topic, presence('online'), retained);
    });
    client.on('message', (_topic, _payload, packet) => {
      // Whoever has a connection of its own answers on that one.
      const of = packet.topic.slice(topics.stations.length + 1).split('/')[0] ?? '';
      if (station !== undefined || !stations.includes(of)) answer(client, packet);
    });
    clients.push(client);
  };

  const joinAll = async () => {
    const version = await untilKnown(address, log, stopping.signal);
    join(version, 'equipment', [topics.request, `${topics.stations}/+/VALIDATION`]);
    for (const id of stations)
      join(version, `equipment-${id}`, [`${topics.stations}/${id}/VALIDATION`], id);
  };
  const joined = equipment.mode === 'off' ? Promise.resolve() : joinAll();
  joined.catch(() => undefined);

  const leave = async (client: MqttClient) => {
    const ended = client.endAsync(true).catch(() => undefined);
    await Promise.race([ended, pause(LONGEST_END_MS, undefined, { ref: false })]);
  };
  return {
    close: async () => {
      stopping.abort();
      await joined.catch(() => undefined);
      await Promise.all(clients.map(leave));
    },
  };
};
