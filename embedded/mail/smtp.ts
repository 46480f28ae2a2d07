import type { Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import {
  SMTPServer,
  type SMTPServerDataStream,
  type SMTPServerSession,
  type SMTPServerOptions,
} from 'smtp-server';
import type { Clock } from '#shared/kernel/message.ts';
import { listen } from '#shared/platform/listen.ts';
import type { Log } from '#shared/platform/log.ts';
import type { Behaviours } from '../behaviour.ts';
import type { Mailbox } from './mailbox.ts';
import { mailOf } from './understand.ts';

const PORT_VARIABLE = 'EMBEDDED_SMTP_PORT';
export const LARGEST_MAIL_BYTES = 1_024 * 1_024;
const MOST_CLIENTS = 200;
const MOST_RECIPIENTS = 100;
const IDLE_CLIENT_MS = 60_000;
const LONGEST_GOODBYE_MS = 500;

/**
 * What becomes of a mail: caught; refused for now (451) or for good (554), and not kept; kept and
 * answered late; or kept, and the connection cut before the answer, so that its sender cannot know.
 */
export type MailBehaviour = {
  readonly mode: 'ok' | 'refuse-temporary' | 'refuse-permanent' | 'delay' | 'drop-after-data';
  readonly delayMs?: number;
};

export type Smtp = { readonly port: number; readonly close: () => Promise<void> };

type Refusal = Error & { responseCode: number };
const refusal = (responseCode: number, message: string): Refusal =>
  Object.assign(new Error(message), { responseCode });

/** Reads to the end in any case: a client that is still sending would not hear the answer. */
const whole = async (stream: SMTPServerDataStream): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of stream) if (!stream.sizeExceeded) parts.push(part as Buffer);
  if (stream.sizeExceeded)
    throw refusal(552, `A mail may have ${LARGEST_MAIL_BYTES} bytes, no more`);
  return Buffer.concat(parts);
};

type Catching = {
  readonly mailbox: Mailbox;
  readonly behaviours: Behaviours<MailBehaviour>;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
};

/** @returns whether to answer at all. */
const caught = async (
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  { mailbox, behaviours, clock, stopping }: Catching,
): Promise<boolean> => {
  const raw = await whole(stream);
  const { mode, delayMs = 0 } = behaviours.next();
  if (mode === 'refuse-temporary') throw refusal(451, 'Not now, as it was told');
  if (mode === 'refuse-permanent') throw refusal(554, 'Never, as it was told');

  await mailbox.add(await mailOf(raw, session, clock()));
  if (mode === 'delay')
    await pause(delayMs, undefined, { signal: stopping }).catch(() => undefined);
  return mode !== 'drop-after-data';
};

type Peer = {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
};
const nameOf = ({ remoteAddress = '', remotePort = 0 }: Peer) => `${remoteAddress} ${remotePort}`;

/** The library ends a connection politely, with an answer; this is for when there is to be none. */
const cutterOf = (server: Server): ((peer: Peer) => void) => {
  const sockets = new Map<string, Socket>();
  server.on('connection', (socket) => {
    const name = nameOf(socket);
    sockets.set(name, socket);
    socket.once('close', () => sockets.delete(name));
  });
  return (peer) => sockets.get(nameOf(peer))?.destroy();
};

const settings: SMTPServerOptions = {
  banner: 'catches every mail and delivers none',
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  authOptional: true,
  allowInsecureAuth: true,
  logger: false,
  size: LARGEST_MAIL_BYTES,
  maxClients: MOST_CLIENTS,
  maxRecipients: MOST_RECIPIENTS,
  socketTimeout: IDLE_CLIENT_MS,
  closeTimeout: LONGEST_GOODBYE_MS,
  onAuth: ({ username }, _session, callback) => {
    callback(null, { user: username ?? 'anybody' });
  },
};

/**
 * Takes every mail from anybody on this machine, and answers 250 only when it is in the mailbox.
 * @throws {PortInUse}
 */
export const startSmtp = async (
  options: Omit<Catching, 'stopping'> & { readonly port: number; readonly log: Log },
): Promise<Smtp> => {
  const stopping = new AbortController();
  const catching = { ...options, stopping: stopping.signal };

  const onData: SMTPServerOptions['onData'] = (stream, session, callback) => {
    caught(stream, session, catching).then(
      (answer) => {
        if (answer) callback(null, 'kept');
        else cut(session);
      },
      (error: unknown) => {
        if (!(error instanceof Error && 'responseCode' in error))
          options.log.error({ err: error }, 'a mail could not be kept');
        callback(error instanceof Error ? error : new Error(String(error)));
      },
    );
  };
  const server = new SMTPServer({ ...settings, onData });
  const cut = cutterOf(server.server);
  // A client that breaks off is its own affair.
  server.on('error', (err) => {
    options.log.debug({ err }, 'an SMTP connection failed');
  });

  const port = await listen(server.server, options.port, PORT_VARIABLE);
  const close = () =>
    new Promise<void>((resolve) => {
      stopping.abort();
      server.close(resolve);
    });
  return { port, close };
};
