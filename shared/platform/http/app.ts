import { randomUUID } from 'node:crypto';
import cors from 'cors';
import express, {
  type ErrorRequestHandler,
  type Express,
  type RequestHandler,
  type Response,
} from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Log } from '../log.ts';
import { callerOf, mount, type Mounting } from './mount.ts';
import { problemOf, problems, sendProblem } from './problem.ts';
import type { Route } from './route.ts';
import type { Verify } from './token.ts';

const CORRELATION = /^[\x21-\x7e]{1,128}$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What a page from elsewhere may read of an answer, beside what it always may. */
const EXPOSED = [
  ...['ETag', 'Location', 'Log-Position', 'Idempotent-Replayed', 'Allow'],
  ...['X-Correlation-Id', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'WWW-Authenticate'],
];

export type HttpApp = Mounting & {
  readonly routes: readonly Route[];
  readonly log: Log;
  readonly verify: Verify;
  /** Accounts that were disabled while their tokens are still good. */
  readonly isDisabled: (accountId: string) => boolean;
  readonly requestsPerSecond: number;
  readonly corsOrigins: readonly string[];
  /** How many proxies of ours stand in front: so many entries of `X-Forwarded-For` are believed. */
  readonly proxies?: number;
  /** Called once for each answer; `route` is the path with its parameters in braces. */
  readonly observe: (request: Observed) => void;
  /** Whether routes are served yet; without it they are from the beginning. */
  readonly hasBegun?: () => boolean;
  /** Served beside the routes: health, metrics, documentation. */
  readonly beside?: (app: Express, routes: readonly Route[]) => void;
};

export type Observed = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
};

/** Every request has a correlation id, its caller's or one of its own, and says so. */
const correlate: RequestHandler = (request, response, next) => {
  const theirs = request.get('x-correlation-id');
  const id = theirs !== undefined && CORRELATION.test(theirs) ? theirs : randomUUID();
  const trace = request.get('traceparent');
  response.locals['correlationId'] = id;
  if (trace !== undefined && TRACEPARENT.test(trace)) response.locals['traceparent'] = trace;
  response.set('X-Correlation-Id', id);
  next();
};

const routeOf = ({ locals }: Response) => (locals['route'] as string | undefined) ?? 'none';

/** One line a request, without its query string: it may hold a CPF or an e-mail. */
const record =
  ({ log, observe }: HttpApp): RequestHandler =>
  ({ method }, response, next) => {
    const started = performance.now();
    response.once('close', () => {
      const ms = performance.now() - started;
      const { statusCode: status } = response;
      const route = routeOf(response);
      observe({ method, route, status, seconds: ms / 1_000 });
      const { correlationId } = response.locals;
      const line = { correlationId: correlationId as string, method, route, status };
      log.debug({ ...line, ms: Math.round(ms * 10) / 10 }, 'answered');
    });
    next();
  };

const authenticate =
  ({ verify, isDisabled }: HttpApp): RequestHandler =>
  (request, response, next) => {
    const token = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
    const caller = token === undefined ? undefined : verify(token);
    if (caller && !isDisabled(caller.id)) response.locals['caller'] = caller;
    next();
  };

const begun =
  ({ hasBegun = () => true }: HttpApp): RequestHandler =>
  (_request, response, next) => {
    if (hasBegun()) next();
    else sendProblem(response, problems.notBegun);
  };

const limited = ({ requestsPerSecond }: HttpApp): RequestHandler =>
  rateLimit({
    windowMs: 1_000,
    limit: requestsPerSecond,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request, response) => callerOf(response)?.id ?? ipKeyGenerator(request.ip ?? ''),
    handler: (_request, response) => {
      sendProblem(response, problems.tooManyRequests);
    },
  });

const onError =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, _request, response, _next) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const problem = problemOf(error);
    const { correlationId } = response.locals as { readonly correlationId: string };
    if (!problem || problem.status >= 500)
      log.error({ err: error, correlationId, route: routeOf(response) }, 'could not answer');
    sendProblem(response, problem ?? problems.internal);
  };

/** Express with our conventions: who asks, what is refused and how, what is counted. */
export const httpApp = (spec: HttpApp): Express => {
  const app = express().disable('x-powered-by').disable('etag').set('query parser', 'simple');
  app.set('trust proxy', spec.proxies ?? 0);
  app.use(correlate, record(spec), helmet());
  if (spec.corsOrigins.length > 0)
    app.use(
      cors({
        origin: [...spec.corsOrigins],
        exposedHeaders: EXPOSED,
      }),
    );
  spec.beside?.(app, spec.routes);
  app.use(begun(spec), authenticate(spec), limited(spec));
  mount(app, spec.routes, spec);
  app.use((_request, response) => {
    sendProblem(response, problems.notFound);
  });
  return app.use(onError(spec.log));
};
