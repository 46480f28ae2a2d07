import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';
import helmet from 'helmet';
import { closed, oneOf, reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import type { Behaviours } from '../behaviour.ts';
import { jsonBody } from '../http.ts';
import type { Mail, Mailbox } from './mailbox.ts';
import type { MailBehaviour } from './smtp.ts';

const LONGEST_DELAY_MS = 60_000;
const PAGE = fileURLToPath(new URL('page/', import.meta.url));

const readBehaviour = reader(
  closed({
    mode: oneOf(['ok', 'refuse-temporary', 'refuse-permanent', 'delay', 'drop-after-data']),
    delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: LONGEST_DELAY_MS })),
    times: Type.Optional(Type.Integer({ minimum: 1 })),
  }),
);
const readFilter = reader(
  closed({
    to: Type.Optional(Type.String()),
    messageId: Type.Optional(Type.String()),
    limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,5}$' })),
  }),
);

/** A caught mail is shown, but nothing in it may run or be fetched. */
const harmless = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      connectSrc: ["'self'"],
      frameSrc: ["'self'"],
      imgSrc: ['data:'],
    },
  },
  strictTransportSecurity: false,
});

const matches =
  ({ to, messageId }: { readonly to?: string; readonly messageId?: string }) =>
  (mail: Mail): boolean =>
    (to === undefined || mail.to.includes(to) || mail.envelope.to.includes(to)) &&
    (messageId === undefined || mail.messageId === messageId);

/** What was caught, as JSON and as a page; and how the next mails are to be received. */
export const mailRoutes = (mailbox: Mailbox, behaviours: Behaviours<MailBehaviour>): Router =>
  Router()
    .use(harmless)
    .get('/messages', ({ query }, response) => {
      const { limit, ...filter } = readFilter(query);
      const found = mailbox.newestFirst().filter(matches(filter));
      response.json(limit === undefined ? found : found.slice(0, Number(limit)));
    })
    .get('/messages/:id', ({ params }, response) => {
      const mail = mailbox.newestFirst().find(({ id }) => id === params.id);
      if (mail) response.json(mail);
      else response.status(404).json({ error: `There is no message ${params.id}` });
    })
    .delete('/messages', async (_request, response) => {
      await mailbox.clear();
      response.sendStatus(204);
    })
    .get('/behaviour', (_request, response) => {
      response.json(behaviours.current());
    })
    .put('/behaviour', jsonBody, ({ body }, response) => {
      const { times, ...behaviour } = readBehaviour(body);
      behaviours.tell(behaviour, times);
      response.json(behaviours.current());
    })
    .use(express.static(PAGE, { index: 'index.html' }));
