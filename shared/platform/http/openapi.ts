import type { TProperties, TSchema } from 'typebox';
import { closed } from '#shared/kernel/schema.ts';
import { LARGEST_BODY } from './body.ts';
import { headers, parameters, ref, type Json } from './openapi-parts.ts';
import { isCommand, problemResponses } from './openapi-problems.ts';
import { ProblemBody } from './problem.ts';
import type { Route } from './route.ts';

/** An OpenAPI 3.1 document. */
export type Document = Json & { readonly paths: Readonly<Record<string, Json>> };

export type Described = {
  readonly title: string;
  readonly version: string;
  readonly routes: readonly Route[];
};

/** A schema as it is checked, without what only our own reader understands. */
const plain = (schema: TSchema): Json =>
  JSON.parse(
    JSON.stringify(schema, (name, value: unknown) => (name === 'personal' ? undefined : value)),
  ) as Json;

const headerParameters = (route: Route): string[] => [
  ...(isCommand(route) ? ['Idempotency-Key'] : []),
  ...(isCommand(route) && route.thing !== undefined ? ['If-Match'] : []),
  ...(route.reads ? ['Min-Log-Position', 'Prefer'] : []),
  ...['X-Correlation-Id', 'traceparent'],
];

const placed = (place: 'path' | 'query', properties: TProperties = {}): Json[] => {
  const needed = new Set((closed(properties) as { readonly required?: string[] }).required);
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: place,
    // What has a default is filled in before it is asked whether it is there.
    required: place === 'path' || (needed.has(name) && !('default' in schema)),
    schema: plain(schema),
  }));
};

const isList = ({ query }: Route) => query !== undefined && 'cursor' in query;

/** The headers of an answer, each with the component that describes it. */
const answerHeaders = (route: Route, status: number): Json => {
  const described = (...names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, ref('headers', name)]));
  const always = described('X-Correlation-Id');

  if (route.method !== 'get') {
    if (!isCommand(route)) return { ...described('Log-Position'), ...always };
    const location = status === 201 ? ['Location'] : [];
    return { ...described('ETag', 'Log-Position', 'Idempotent-Replayed', ...location), ...always };
  }
  if (isList(route) || !route.reads) return always;
  // What a path names is one thing; what it describes may be.
  const isOne = route.path.endsWith('}');
  return { ETag: ref('headers', isOne ? 'ETag' : 'ETag-of-one'), ...always };
};

const MEANING: Readonly<Record<number, string>> = {
  200: 'As it is now.',
  201: 'Made.',
  202: 'Taken on; a job decides later.',
  204: 'Done; there is nothing to say.',
};

/** What comes or goes piece by piece has no schema but its type. */
const asText = (types: readonly string[] = []): Json =>
  Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }]));

const answers = (route: Route): Json =>
  Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => [
      status,
      {
        description: MEANING[Number(status)] ?? 'Done.',
        headers: answerHeaders(route, Number(status)),
        ...(schema !== 'empty' && {
          content: { 'application/json': { schema: plain(schema) }, ...asText(route.alsoAs) },
        }),
      },
    ]),
  );

const requestBody = ({ method, body, uploads }: Route): Json => {
  if (method === 'get') return {};
  if (uploads) return { requestBody: { required: true, content: asText(uploads.types) } };
  const schema = plain(body ?? closed({}));
  const needed = (schema['required'] as unknown[] | undefined) ?? [];
  const content = { 'application/json': { schema } };
  return { requestBody: { required: needed.length > 0, content } };
};

/** `/v1/activations/{id}/approve` is about activations. */
const tagOf = ({ path }: Route): string =>
  path.split('/').find((part) => part !== '' && !/^(v\d+|api)$/.test(part)) ?? 'root';

/** `post /v1/activations/{id}/approve` is `postActivationsIdApprove`. */
const operationId = ({ method, path }: Route): string =>
  [method, ...path.split(/[^A-Za-z0-9]+/).filter((part) => !/^(v\d+)?$/.test(part))]
    .map((part, nth) => (nth === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('');

const alias = ({ aliasOf }: Route): string =>
  aliasOf === undefined ? '' : `Another name of \`${aliasOf}\`: a key counts in both. `;

const whoMay = ({ access }: Route): string =>
  access === 'anyone'
    ? 'Anyone, without a token.'
    : `Roles: ${[...new Set([...access, 'admin'])].join(', ')}.`;

const operation = (route: Route, problems: Json): Json => ({
  operationId: operationId(route),
  tags: [tagOf(route)],
  summary: route.summary,
  description: alias(route) + whoMay(route),
  security: route.access === 'anyone' ? [] : [{ bearer: [] }],
  parameters: [
    ...placed('path', route.params),
    ...placed('query', route.query),
    ...headerParameters(route).map((name) => ref('parameters', name)),
  ],
  ...requestBody(route),
  responses: { ...answers(route), ...problems },
});

/** What these routes are, from nothing but the routes: there is no second description. */
export const openapi = ({ title, version, routes }: Described): Document => {
  const problems = problemResponses();
  const paths: Record<string, Json> = {};
  for (const route of routes)
    paths[route.path] = {
      ...paths[route.path],
      [route.method]: operation(route, problems.of(route)),
    };

  return {
    openapi: '3.1.0',
    info: {
      title,
      version,
      description: `JSON in UTF-8, at most ${LARGEST_BODY} a request. Problems are RFC 9457; their \`code\` is there to be relied on.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: plain(ProblemBody) },
      responses: problems.shared(),
      ...{ parameters, headers },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
};
