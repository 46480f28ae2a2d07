import { systemClock } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';
import { port, settingsFrom } from '#shared/platform/config.ts';
import { runProcess } from '#shared/platform/lifecycle.ts';
import { anApp, serve } from '../http.ts';
import { sandboxRoutes } from './sandbox.ts';

// Whoever is to reach the partners here has CASHBACK_API_URL=http://127.0.0.1:8090/cashback, and
// CASHBACK_BALANCE_URL and PRODUCT_API_URL=http://127.0.0.1:8090.
await runProcess('sandbox', async ({ log, onStop, stopping }) => {
  const settings = settingsFrom(
    {
      EMBEDDED_SANDBOX_PORT: port(8090),
      CASHBACK_BALANCE_TOKEN: Type.Optional(Type.String({ minLength: 1 })),
    },
    process.env,
  );
  const token = settings.CASHBACK_BALANCE_TOKEN ?? 'sandbox-token';
  const app = anApp().use(sandboxRoutes({ token, clock: systemClock, stopping }));
  const server = await serve(app, settings.EMBEDDED_SANDBOX_PORT, 'EMBEDDED_SANDBOX_PORT', log);
  onStop('http', server.close);
  log.info({ port: server.port }, 'ready');
});
