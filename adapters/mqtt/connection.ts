import { setTimeout as pause } from 'node:timers/promises';
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { brokerAddress } from '#shared/platform/broker-address.ts';
import type { Log } from '#shared/platform/log.ts';
import { persistently } from '#shared/platform/persistently.ts';

/** What the broker was found to speak: MQTT 3.1.1, or 5. */
export type Version = 4 | 5;

const CONNECT_TIMEOUT_MS = 5_000;
const RECONNECT_MS = 500;
/** More than it takes to put on record all that a connection holds: a ping's answer waits behind it. */
const KEEPALIVE_S = 30;
/**
 * What is sent to us while we are away is kept for so long, by brokers that can be told. No longer:
 * of what gateways share, a broker goes on keeping a part for one that is gone, while others could
 * hear it. Shorter than it takes to ask again for that.
 */
const SESSION_EXPIRY_S = 5;
/** Without an acknowledgement for so long, though the broker is there, a message is sent anew. */
const STUCK_AFTER_MS = 15_000;
const LONGEST_END_MS = 1_000;

/** CONNACK of 3.1.1 and of 5: the version is not spoken here. */
const UNSPOKEN: ReadonlySet<unknown> = new Set([1, 0x84]);

const isUnspoken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && UNSPOKEN.has(error.code);

const tryVersion = async (url: string, protocolVersion: Version): Promise<void> => {
  const { at, as } = brokerAddress(url);
  const once = { reconnectPeriod: 0, connectTimeout: CONNECT_TIMEOUT_MS };
  const client = await connectAsync(at, { ...as, ...once, protocolVersion }, false);
  await client.endAsync(true);
};

const spokenBy = async (url: string): Promise<Version> => {
  try {
    await tryVersion(url, 5);
    return 5;
  } catch (error) {
    if (!isUnspoken(error)) throw error;
    await tryVersion(url, 4);
    return 4;
  }
};

/** Asks the broker, and waits for it while it is away. Nothing if it is told to stop before. */
export const versionOf = (
  url: string,
  until: { readonly log: Log; readonly signal: AbortSignal },
): Promise<Version | undefined> =>
  persistently('connecting to the MQTT broker', () => spokenBy(url), until);

/** A client that comes back by itself, under a name that its session is kept by. */
export const connected = (
  url: string,
  clientId: string,
  version: Version,
  { log, will }: { readonly log: Log; readonly will?: IClientOptions['will'] },
): MqttClient => {
  const { at, as } = brokerAddress(url);
  const client = connect(at, {
    ...{ ...as, clientId, clean: false, protocolVersion: version, keepalive: KEEPALIVE_S },
    ...{ reconnectPeriod: RECONNECT_MS, connectTimeout: CONNECT_TIMEOUT_MS },
    // Whoever listens subscribes by itself with every connection.
    resubscribe: false,
    ...(version === 5 && { properties: { sessionExpiryInterval: SESSION_EXPIRY_S } }),
    ...(will && { will }),
  });
  // Each message in flight listens to it; how many there are is bounded elsewhere.
  client.setMaxListeners(0);
  let away = false;
  client.on('error', (err) => {
    if (isUnspoken(err))
      log.error({ err, version }, 'the MQTT broker is another than before: restart this process');
    else log.warn({ err, clientId }, 'in trouble with the MQTT broker; goes on by itself');
  });
  client.on('close', () => {
    if (!away && !client.disconnecting) log.warn({ clientId }, 'the MQTT broker is away');
    away = true;
  });
  client.on('connect', () => {
    if (away) log.info({ clientId }, 'the MQTT broker is back');
    away = false;
  });
  return client;
};

/** Resolves when the broker has been there all along and has still not said a word. */
const stuck = async (client: MqttClient, signal: AbortSignal): Promise<'stuck'> => {
  let since = performance.now();
  const note = () => {
    since = performance.now();
  };
  client.on('connect', note);
  try {
    while (!client.connected || performance.now() - since < STUCK_AFTER_MS)
      await pause(STUCK_AFTER_MS, undefined, { signal, ref: false });
    return 'stuck';
  } finally {
    client.off('connect', note);
  }
};

export type Message = {
  readonly topic: string;
  readonly payload: string;
  readonly properties?: {
    readonly responseTopic: string;
    readonly correlationData: Buffer;
    readonly contentType: string;
  };
};

/**
 * Until the broker has acknowledged it. While the broker is away it waits, and is sent again when
 * it is back: a message may arrive twice, and never not at all.
 */
export const publishSurely = async (
  client: MqttClient,
  { topic, payload, properties }: Message,
  signal: AbortSignal,
): Promise<void> => {
  for (;;) {
    signal.throwIfAborted();
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    const sent = client.publishAsync(topic, payload, { qos: 1, ...(properties && { properties }) });
    try {
      const outcome = await Promise.race([sent, stuck(client, until)]);
      if (outcome !== 'stuck') return;
    } catch (error) {
      signal.throwIfAborted();
      if (client.disconnecting) throw error;
      await pause(RECONNECT_MS, undefined, { signal });
    } finally {
      over.abort();
      sent.catch(() => undefined);
    }
  }
};

/** Says good-bye where the broker is there to hear it; does not wait for what is away. */
export const end = async (client: MqttClient): Promise<void> => {
  const ended = client.endAsync(!client.connected);
  await Promise.race([ended, pause(LONGEST_END_MS, undefined, { ref: false })]);
  // A broker that says nothing more is not to keep the connection open.
  client.stream.destroy();
};
