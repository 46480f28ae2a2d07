import { ROLES, type Access } from './caller.ts';
import { ref, type Json } from './openapi-parts.ts';
import { problems, type Problem } from './problem.ts';
import type { Route } from './route.ts';

/**
 * Whether a write is a command about a thing: it has a revision, and may be named by a key. Who
 * may be anybody and makes nothing is signing in or out; nobody changes a thing without a name.
 */
export const isCommand = ({ method, access, answers }: Route): boolean =>
  method !== 'get' && (access !== 'anyone' || 201 in answers || 202 in answers);

const everybodyMay = (access: Access) =>
  access === 'anyone' || ROLES.every((role) => access.includes(role));

const aboutTheCaller = ({ access }: Route): Problem[] => [
  ...(access === 'anyone' ? [] : [problems.unauthenticated]),
  ...(everybodyMay(access) ? [] : [problems.forbidden]),
  problems.tooManyRequests,
];

const aboutTheBody = ({ method }: Route): Problem[] =>
  method === 'get'
    ? []
    : [problems.malformedJson, problems.tooLarge, problems.unsupportedMediaType];

const aboutTheLog = (route: Route): Problem[] => {
  if (route.method === 'get') return route.reads ? [problems.behind] : [];
  if (!isCommand(route)) return [problems.eventStoreAway];
  const stale = route.thing === undefined ? [] : [problems.stale];
  return [problems.eventStoreAway, problems.keyReused, problems.conflict, ...stale];
};

/** What the conventions alone may answer to a request of this route, and what the route may. */
const problemsOf = (route: Route): readonly Problem[] => {
  const { thing, params, refusals } = route;
  const declared = Object.entries(refusals).map(([code, known]) => ({ code, ...known }));
  const unnamed = thing !== undefined && params ? [problems.noSuch(thing)] : [];
  const all = [
    ...declared,
    ...unnamed,
    problems.invalid([{ pointer: '/limit', code: 'maximum', message: 'must be <= 200' }]),
    ...[...aboutTheCaller(route), ...aboutTheBody(route), ...aboutTheLog(route)],
    ...[problems.databaseAway, problems.internal],
  ];
  const codes = all.map(({ code }) => code);
  return all.filter(({ code }, nth) => codes.indexOf(code) === nth);
};

const example = ({ code, status, title, detail, errors }: Problem): Json => ({
  summary: title,
  value: {
    type: `/problems/${code}`,
    title,
    status,
    ...(status !== 500 && { detail: detail ?? `${title}.` }),
    instance: '/v1/…',
    code,
    correlationId: '5f0c6c1e-0f0b-4b51-9f60-0d3ff9a3a6c8',
    ...(errors && { errors }),
  },
});

const HEADERS: Readonly<Record<number, Json>> = {
  401: { 'WWW-Authenticate': ref('headers', 'WWW-Authenticate') },
  429: { 'Retry-After': ref('headers', 'Retry-After') },
  503: { 'Retry-After': ref('headers', 'Retry-After') },
};

const responseOf = (status: number, some: readonly Problem[]): Json => ({
  description: some.map(({ code, title }) => `\`${code}\`: ${title}.`).join('\n\n'),
  headers: { 'X-Correlation-Id': ref('headers', 'X-Correlation-Id'), ...HEADERS[status] },
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          ref('schemas', 'Problem'),
          {
            type: 'object',
            properties: {
              code: { type: 'string', enum: some.map(({ code }) => code) },
              status: { type: 'integer', const: status },
            },
          },
        ],
      },
      examples: Object.fromEntries(some.map((problem) => [problem.code, example(problem)])),
    },
  },
});

const byStatus = (all: readonly Problem[]): ReadonlyMap<number, readonly Problem[]> => {
  const found = new Map<number, Problem[]>();
  for (const problem of all)
    found.set(problem.status, [...(found.get(problem.status) ?? []), problem]);
  return found;
};

/** Told apart by all that is said of them: another route may give a code another title. */
type Known = { readonly name: string; readonly said: string };

/**
 * The problems of routes as responses by status. What several routes answer alike is written once:
 * `shared()` has it when all the routes have been asked for.
 */
export const problemResponses = () => {
  const known: Known[] = [];
  const responses = new Map<string, Json>();

  const named = (status: number, some: readonly Problem[]): Json => {
    const response = responseOf(status, some);
    const said = JSON.stringify(response);
    const there = known.find((one) => one.said === said);
    if (there) return ref('responses', there.name);
    const codes = some.map(({ code }) => code).join('.');
    const same = known.filter(({ name }) => name.split('..')[0] === codes).length;
    const name = same === 0 ? codes : `${codes}..${same + 1}`;
    known.push({ name, said });
    responses.set(name, response);
    return ref('responses', name);
  };

  return {
    of: (route: Route): Json =>
      Object.fromEntries(
        [...byStatus(problemsOf(route))]
          .sort(([one], [other]) => one - other)
          .map(([status, some]) => [status, named(status, some)]),
      ),
    shared: (): Json => Object.fromEntries(responses),
  };
};
