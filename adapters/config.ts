import { hostname } from 'node:os';
import type { Static, TObject } from 'typebox';
import { Type } from '#shared/kernel/type.ts';
import { atOnce } from '#shared/platform/at-once.ts';
import { brokerAddress } from '#shared/platform/broker-address.ts';
import { BadConfig, milliseconds, port, settingsFrom } from '#shared/platform/config.ts';
import { dataSecretsFrom, secretSettings } from '#shared/platform/secrets.ts';
import { serverSettings, serversFrom } from '#shared/platform/servers.ts';

/** Without wildcards, and with no level that is empty. */
const NAMED = '^[^#+/\\u0000]+(/[^#+/\\u0000]+)*$';

const mqttSettings = {
  MQTT_URL: Type.Optional(Type.String({ pattern: '^(mqtts?|wss?)://' })),
  EMBEDDED_MQTT_PORT: port(1883),
  MQTT_GATEWAY_ID: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._-]{1,40}$' })),
  MQTT_REQUEST_TOPIC: Type.String({ pattern: NAMED, default: 'EQUIPMENT/VALIDATION' }),
  MQTT_REPLY_TOPIC: Type.String({ pattern: NAMED, default: 'EQUIPMENT/VALIDATION/RESPONSE' }),
  MQTT_STATIONS_TOPIC: Type.String({ pattern: NAMED, default: 'EQUIPMENT/STATIONS' }),
  MQTT_GATEWAYS_TOPIC: Type.String({ pattern: NAMED, default: 'EQUIPMENT/GATEWAYS' }),
};

const settings = {
  ...secretSettings,
  ...serverSettings,
  ...mqttSettings,
  /** Health and metrics; there are no routes here. */
  ADAPTERS_PORT: port(8083),
  LISTEN_HOST: Type.String({ minLength: 1, default: '0.0.0.0' }),
  TRANSACTION_TIMEOUT_MS: milliseconds(30_000, 1),
};

type MqttSettings = Static<TObject<typeof mqttSettings>> & { readonly LASTRO_ENV: string };

/** What a broker takes for a client id wherever it runs. */
const idFrom = (given: string | undefined) =>
  given ??
  (hostname()
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 40) ||
    'gateway');

/** On a laptop, the embedded broker. @throws {BadConfig} in production, when it is missing; if it is no URL. */
const mqttFrom = ({ LASTRO_ENV, MQTT_URL, EMBEDDED_MQTT_PORT, ...given }: MqttSettings) => {
  if (LASTRO_ENV === 'production' && MQTT_URL === undefined)
    throw new BadConfig('MQTT_URL is missing');
  const url = MQTT_URL ?? `mqtt://127.0.0.1:${EMBEDDED_MQTT_PORT}`;
  brokerAddress(url);
  const topics = {
    request: given.MQTT_REQUEST_TOPIC,
    reply: given.MQTT_REPLY_TOPIC,
    stations: given.MQTT_STATIONS_TOPIC,
    gateways: given.MQTT_GATEWAYS_TOPIC,
  };
  if (topics.request === topics.reply)
    throw new BadConfig('MQTT_REPLY_TOPIC is MQTT_REQUEST_TOPIC: we would answer ourselves');
  return { url, id: idFrom(given.MQTT_GATEWAY_ID), topics };
};

/** @throws {BadConfig} saying all that is wrong, in one line. */
export const configFrom = async (environment: NodeJS.ProcessEnv) => {
  const given = settingsFrom(settings, environment);
  const { servers, secrets, mqtt } = await atOnce({
    servers: () => serversFrom(given),
    secrets: () => dataSecretsFrom(given),
    mqtt: () => mqttFrom(given),
  });
  return {
    ...{ ...servers, secrets, mqtt, timeoutMs: given.TRANSACTION_TIMEOUT_MS },
    http: { port: given.ADAPTERS_PORT, variable: 'ADAPTERS_PORT', host: given.LISTEN_HOST },
  };
};
