import { join } from 'node:path';
import { systemClock } from '#shared/kernel/message.ts';
import { commonSettings, port, settingsFrom } from '#shared/platform/config.ts';
import { runProcess } from '#shared/platform/lifecycle.ts';
import { behaviours } from '../behaviour.ts';
import { anApp, serve } from '../http.ts';
import { mailRoutes } from './http.ts';
import { openMailbox } from './mailbox.ts';
import { startSmtp, type MailBehaviour } from './smtp.ts';

await runProcess('mail', async ({ log, onStop }) => {
  const settings = settingsFrom(
    {
      LASTRO_DATA_DIR: commonSettings.LASTRO_DATA_DIR,
      EMBEDDED_SMTP_PORT: port(1025),
      EMBEDDED_MAIL_PORT: port(8025),
    },
    process.env,
  );
  const told = behaviours<MailBehaviour>({ mode: 'ok' });
  const mailbox = await openMailbox(join(settings.LASTRO_DATA_DIR, 'mail', 'messages.ndjson'));
  onStop('mailbox', mailbox.close);

  const app = anApp().use(mailRoutes(mailbox, told));
  const http = await serve(app, settings.EMBEDDED_MAIL_PORT, 'EMBEDDED_MAIL_PORT', log);
  onStop('http', http.close);
  const smtp = await startSmtp({
    mailbox,
    behaviours: told,
    clock: systemClock,
    port: settings.EMBEDDED_SMTP_PORT,
    log,
  });
  onStop('smtp', smtp.close);
  log.info({ smtp: smtp.port, http: http.port }, 'ready');
});
