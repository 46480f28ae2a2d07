import { readFileSync } from 'node:fs';
import type { Express, Request, Response } from 'express';
import { systemClock } from '#shared/kernel/message.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { httpApp } from './app.ts';
import { docsPage } from './docs-page.ts';
import { readiness, type Checks } from './health.ts';
import { otherMethods } from './mount.ts';
import { openapi } from './openapi.ts';
import { sendProblem, type Problem } from './problem.ts';
import type { Route } from './route.ts';

export type Edge = {
  /** What the documentation is called. */
  readonly title: string;
  /** What has to be there for a request to make sense. */
  readonly checks: Checks;
  readonly metrics: Metrics;
  readonly log: Log;
  /** From when on the process says that it is not ready any more. */
  readonly stopping?: AbortSignal;
};

const packageFile = new URL('../../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { readonly version: string };

const notReady = (checks: Readonly<Record<string, string>>): Problem => ({
  code: 'not-ready',
  status: 503,
  title: 'Something that is needed is missing',
  detail: Object.entries(checks)
    .filter(([, reason]) => reason !== 'ok')
    .map(([name, reason]) => `${name}: ${reason}`)
    .join('; '),
  more: { checks },
  headers: { 'Retry-After': '1' },
});

type Answerer = (response: Response) => unknown;

/** Served to whoever asks, without a token and without a limit: probes come often. */
const served = (app: Express, path: string, answer: Answerer): void => {
  app.get(path, async (_request: Request, response: Response) => {
    response.locals['route'] = path;
    response.set('Cache-Control', 'no-store');
    await answer(response);
  });
  app.all(path, otherMethods(['get']));
};

/**
 * What every process serves beside its routes: whether it lives, whether it is ready, what it has
 * counted, and a description of its routes where there are any. For `HttpApp.beside`.
 */
export const edge = ({ title, checks, metrics, log, stopping }: Edge) => {
  const ready = readiness(checks, log, stopping);

  return (app: Express, routes: readonly Route[] = []): void => {
    served(app, '/health/live', (response) => response.json({ status: 'live' }));
    served(app, '/health/ready', async (response) => {
      const { ready: isReady, checks: found } = await ready();
      if (isReady) response.json({ status: 'ready', checks: found });
      else sendProblem(response, notReady(found));
    });
    served(app, '/metrics', async (response) => {
      const { type, text } = await metrics.exposed();
      response.set('Content-Type', type).send(text);
    });
    if (routes.length === 0) return;

    const document = JSON.stringify(openapi({ title, version, routes }));
    served(app, '/openapi.json', (response) => response.type('application/json').send(document));
    docsPage(app);
  };
};

const MOST_PER_SECOND = 1_000;

/** An application of nothing else, for a process that has no routes. */
export const edgeApp = (spec: Edge): Express =>
  httpApp({
    ...{ routes: [], log: spec.log, clock: systemClock, beside: edge(spec) },
    ...{ requestsPerSecond: MOST_PER_SECOND, corsOrigins: [] },
    verify: () => undefined,
    isDisabled: () => false,
    reached: () => Promise.resolve(true),
    observe: spec.metrics.observeRequest,
  });
