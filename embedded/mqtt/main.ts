import { port, settingsFrom } from '#shared/platform/config.ts';
import { runProcess } from '#shared/platform/lifecycle.ts';
import { startBroker } from './broker.ts';

await runProcess('mqtt', async ({ log, onStop }) => {
  const settings = settingsFrom({ EMBEDDED_MQTT_PORT: port(1883) }, process.env);
  const broker = await startBroker({ port: settings.EMBEDDED_MQTT_PORT, log });
  onStop('broker', broker.close);
  log.info({ port: broker.port }, 'ready');
});
