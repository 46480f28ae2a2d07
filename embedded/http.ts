import { createServer } from 'node:http';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { Unreadable } from '#shared/kernel/schema.ts';
import { listen, shut } from '#shared/platform/listen.ts';
import type { Log } from '#shared/platform/log.ts';

const LARGEST_BODY = '64kb';
/** A stand-in never takes that long, unless it was told to. */
const LONGEST_REQUEST_MS = 120_000;

export type HttpServer = { readonly port: number; readonly close: () => Promise<void> };

/** An application without what only the public needs. */
export const anApp = (): Express =>
  express().disable('x-powered-by').set('etag', false).set('query parser', 'simple');

export const jsonBody = express.json({ limit: LARGEST_BODY });

/** What was wrong with a request, in words; what was wrong with us, in the log. */
const onError =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof Unreadable) {
      response.status(422).json({ error: error.message });
      return;
    }
    const status = (error as { readonly status?: unknown }).status;
    if (typeof status === 'number' && status < 500) {
      response.status(status).json({ error: String(error) });
      return;
    }
    log.error({ err: error }, 'could not answer');
    response.status(500).json({ error: 'It is our fault: see the log' });
  };

/** @throws {PortInUse} */
export const serve = async (
  app: Express,
  port: number,
  variable: string,
  log: Log,
): Promise<HttpServer> => {
  const server = createServer({ requestTimeout: LONGEST_REQUEST_MS }, app.use(onError(log)));
  const given = await listen(server, port, variable);
  return { port: given, close: () => shut(server) };
};
