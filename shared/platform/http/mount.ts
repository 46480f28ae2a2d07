import type { Express, Request, Response } from 'express';
import type { Clock } from '#shared/kernel/message.ts';
import { bodyOf } from './body.ts';
import { mayUse, NOBODY, type Access, type Caller } from './caller.ts';
import { asked } from './command.ts';
import { sendPieces } from './pieces.ts';
import { turnsOf } from '../turns.ts';
import { problems, Rejected, sendProblem, understand } from './problem.ts';
import { waitForViews, type Reached } from './query.ts';
import type { Answer, RefusedWith, Route } from './route.ts';
import { storable, unstorableIn } from './storable.ts';
import { uploadOf } from './upload.ts';

/** Few enough that the event store is not idle for long, enough for it to commit some together. */
const COMMANDS_A_TURN = 8;

export type Mounting = { readonly clock: Clock; readonly reached: Reached };

/** Whoever the token named; `authenticate` has put it there, or nobody. */
export const callerOf = (response: Response): Caller | undefined =>
  response.locals['caller'] as Caller | undefined;

const admitted = (access: Access, response: Response): Caller => {
  const caller = callerOf(response);
  if (access === 'anyone') return caller ?? NOBODY;
  if (!caller) throw new Rejected(problems.unauthenticated);
  if (!mayUse(access, caller)) throw new Rejected(problems.forbidden);
  return caller;
};

/** What a path cannot name does not exist. */
const paramsOf = ({ thing, readParams }: Route, { params }: Request): unknown => {
  if (thing === undefined) return storable(understand(readParams, params));
  try {
    return storable(understand(readParams, params));
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    throw new Rejected(problems.noSuch(thing));
  }
};

/** As the route takes it, as it came, and as it is told apart from any other body. */
const bodyFor = async (route: Route, request: Request, response: Response) => {
  const { readBody, takesAnyJson } = route;
  if (!readBody) return { body: undefined, text: '', told: undefined };
  const { value, text } = await bodyOf(request, response);
  const body = understand(readBody, value);
  if (!takesAnyJson) return { body: storable(body), text, told: body };
  // What is nested beyond all measure cannot be gone through again, and is told by its text.
  return { body, text, told: unstorableIn(body).length > 0 ? text : body };
};

const send = async (
  response: Response,
  { status, body, headers = {}, stream }: Answer,
): Promise<void> => {
  response.status(status).set(headers);
  if (stream) await sendPieces(response, stream);
  else if (body === undefined) response.end();
  else response.type('application/json').send(JSON.stringify(body));
};

const refuse = (response: Response, { refusals }: Route, refused: RefusedWith<string>): void => {
  const { reason, detail, more, headers } = refused;
  const known = refusals[reason];
  if (!known) throw new Error(`A route refused with ${reason}, which it does not declare`);
  const problem = { code: reason, ...known, ...(detail !== undefined && { detail }) };
  sendProblem(response, { ...problem, ...(more && { more }), ...(headers && { headers }) });
};

const respond =
  (route: Route, { clock, reached }: Mounting, turn: () => Promise<void>) =>
  async (request: Request, response: Response): Promise<void> => {
    response.locals['route'] = route.path;
    if (route.method !== 'get') await turn();
    const caller = admitted(route.access, response);
    const at = clock();
    const { correlationId } = response.locals as { readonly correlationId: string };
    const params = paramsOf(route, request);
    const query = understand(route.readQuery, storable(request.query));
    const { body, text, told } = await bodyFor(route, request, response);
    const wants = request.accepts(['application/json', ...(route.alsoAs ?? [])]);
    if (route.reads) await waitForViews(request, route.reads, reached);

    const outcome = await route.handle({
      ...{ params, query, body, text, caller, at, correlationId, ip: request.ip ?? '' },
      userAgent: request.get('user-agent') ?? '',
      upload: uploadOf(request, route.uploads),
      wants: wants === false ? 'application/json' : wants,
      asked: (upload) => asked(request, { route, caller, body: upload ?? told, at }),
    });
    if ('outcome' in outcome) refuse(response, route, outcome);
    else await send(response, outcome);
  };

const pathOf = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1');

/** A path that is known, asked in a way that it is not made for. */
export const otherMethods = (methods: readonly string[]) => {
  const names = methods.map((method) => method.toUpperCase());
  const allow = [...names, ...(names.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (request: Request, response: Response): void => {
    response.set('Allow', allow);
    if (request.method === 'OPTIONS') response.status(204).end();
    else sendProblem(response, problems.notPossible(request.method));
  };
};

export const mount = (app: Express, routes: readonly Route[], mounting: Mounting): void => {
  const turn = turnsOf(COMMANDS_A_TURN);
  for (const route of routes) app[route.method](pathOf(route.path), respond(route, mounting, turn));
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map(({ method }) => method);
    app.all(pathOf(path), otherMethods(methods));
  }
};
