import { randomInt } from 'node:crypto';
import { Type } from '#shared/kernel/type.ts';
import { milliseconds, port, settingsFrom } from '#shared/platform/config.ts';
import { runProcess } from '#shared/platform/lifecycle.ts';
import { MODES, type Mode } from './answers.ts';
import { startEquipment } from './simulator.ts';

const MOST_SEEDS = 1_000_000_000;

const settings = {
  MQTT_URL: Type.Optional(Type.String({ pattern: '^(mqtts?|wss?)://' })),
  EMBEDDED_MQTT_PORT: port(1883),
  MQTT_REQUEST_TOPIC: Type.String({ minLength: 1, default: 'EQUIPMENT/VALIDATION' }),
  MQTT_REPLY_TOPIC: Type.String({ minLength: 1, default: 'EQUIPMENT/VALIDATION/RESPONSE' }),
  MQTT_STATIONS_TOPIC: Type.String({ minLength: 1, default: 'EQUIPMENT/STATIONS' }),
  EQUIPMENT_SIMULATOR: Type.String({ pattern: `^(${MODES.join('|')})$`, default: 'random' }),
  EQUIPMENT_SEED: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  EQUIPMENT_LATE_MS: milliseconds(45_000),
  EQUIPMENT_STATIONS: Type.Optional(
    Type.String({ pattern: '^[0-9A-Za-z-]{1,64}(,[0-9A-Za-z-]{1,64}){0,99}$' }),
  ),
};

await runProcess('equipment', ({ log, onStop }) => {
  const given = settingsFrom(settings, process.env);
  const seed = given.EQUIPMENT_SEED ?? String(randomInt(MOST_SEEDS));
  const mode = given.EQUIPMENT_SIMULATOR as Mode;
  const simulator = startEquipment({
    url: given.MQTT_URL ?? `mqtt://127.0.0.1:${given.EMBEDDED_MQTT_PORT}`,
    ...{ mode, seed, lateMs: given.EQUIPMENT_LATE_MS, log },
    topics: {
      request: given.MQTT_REQUEST_TOPIC,
      reply: given.MQTT_REPLY_TOPIC,
      stations: given.MQTT_STATIONS_TOPIC,
    },
    stations: given.EQUIPMENT_STATIONS?.split(',') ?? [],
  });
  onStop('equipment', simulator.close);
  log.info({ mode, seed }, 'ready');
  return Promise.resolve();
});
