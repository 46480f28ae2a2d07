import nodemailer from 'nodemailer';
import type { SendMail } from '#shared/activation/ports.ts';
import { meaningOf } from './failure.ts';

const CONNECTIONS = 4;
const LONGEST_CONNECT_MS = 10_000;
const LONGEST_SILENCE_MS = 30_000;

export type Mailer = {
  /** @throws {Permanent} when the server refuses it for good. */
  readonly send: SendMail;
  readonly close: () => void;
};

/** Mail by SMTP, over a few connections that are kept open. `url`: `smtp[s]://user:pass@host:port`. */
export const mailer = (url: string, { from }: { readonly from: string }): Mailer => {
  const transport = nodemailer.createTransport({
    url,
    pool: true,
    maxConnections: CONNECTIONS,
    // Whether to try again is decided by whoever sends: a mail that broke off may have arrived.
    maxRequeues: 0,
    connectionTimeout: LONGEST_CONNECT_MS,
    greetingTimeout: LONGEST_CONNECT_MS,
    socketTimeout: LONGEST_SILENCE_MS,
    // Nothing in a mail is read from our disk or from a URL, whatever somebody wrote into it.
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  return {
    send: async ({ messageId, to, subject, text, html }) => {
      try {
        // As an object it is one address, and is not taken apart at commas.
        const address = { name: '', address: to };
        await transport.sendMail({ from, messageId, to: address, subject, text, html });
      } catch (error) {
        throw meaningOf(error);
      }
    },
    close: () => {
      transport.close();
    },
  };
};
