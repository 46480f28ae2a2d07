import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { personal } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';
import { thingRoutes } from '#shared/testing/a-thing-api.ts';
import type { Role } from './caller.ts';
import { openapi } from './openapi.ts';
import { route, type Route } from './route.ts';

type Response = {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: unknown }>>;
};
type Operation = {
  readonly operationId: string;
  readonly description: string;
  readonly security: readonly object[];
  readonly tags: readonly string[];
  readonly parameters: readonly object[];
  readonly requestBody?: { readonly required: boolean; readonly content: object };
  readonly responses: Readonly<Record<string, object>>;
};

const signIn = route({
  method: 'post',
  path: '/v1/auth/token',
  summary: 'Sign in',
  access: 'anyone',
  body: Type.Object({ username: Type.String() }),
  answers: { 200: Type.Object({ name: personal(Type.String()) }) },
  refusals: { 'too-many-attempts': { status: 429, title: 'Too many failures' } },
  handle: () => Promise.resolve({ status: 200 }),
});
const remove = route({
  method: 'delete',
  path: '/v1/things/{id}',
  summary: 'Remove a thing',
  thing: 'thing',
  access: ['admin'] as readonly Role[],
  params: { id: Type.String() },
  answers: { 204: 'empty' },
  refusals: {},
  handle: () => Promise.resolve({ status: 204 }),
});

const newest = route({
  ...{ method: 'get', path: '/v1/things/newest', summary: 'The newest thing' },
  ...{ access: 'anyone', reads: ['things'], answers: { 200: Type.Object({}) }, refusals: {} },
  handle: () => Promise.resolve({ status: 200 }),
});

const documented = (routes: readonly Route[] = [...thingRoutes(), signIn, remove, newest]) =>
  openapi({ title: 'Things', version: '1.2.3', routes });
const document = documented();

const resolved = (node: object): object => {
  if (!('$ref' in node)) return node;
  return String(node.$ref)
    .split('/')
    .slice(1)
    .reduce<object>((at, name) => (at as Record<string, object>)[name] ?? {}, document);
};
const operation = (method: string, path: string) => document.paths[path]?.[method] as Operation;
const named = (parameters: readonly object[]) =>
  parameters.map(resolved).map((one) => (one as { name: string }).name);
const response = (method: string, path: string, status: number) =>
  resolved(operation(method, path).responses[status] ?? {}) as Response;
const headersOf = (method: string, path: string, status: number) =>
  Object.keys(response(method, path, status).headers ?? {});
const codesOf = (method: string, path: string) => {
  const { responses } = operation(method, path);
  return Object.fromEntries(
    Object.entries(responses).flatMap(([status, one]) => {
      const { content = {} } = resolved(one) as Response;
      const schema = content['application/problem+json']?.schema as
        | { allOf: readonly [unknown, { properties: { code: { enum: readonly string[] } } }] }
        | undefined;
      return schema ? [[status, [...schema.allOf[1].properties.code.enum].sort()]] : [];
    }),
  );
};

describe('The OpenAPI document', () => {
  it('is valid by the meta-schemas of 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect(errors).to.equal(undefined);
    expect(valid).to.equal(true);
    const broken = { ...structuredClone(document), paths: { '/a': { get: { responses: 7 } } } };
    expect((await new Validator().validate(broken)).valid).to.equal(false);
  }).timeout(30_000);

  it('says what it is of, and in which version', () => {
    expect(document).to.deep.include({ openapi: '3.1.0' });
    expect(document['info']).to.include({ title: 'Things', version: '1.2.3' });
    expect(document['tags']).to.deep.equal([{ name: 'things' }, { name: 'auth' }]);
  });

  it('has every route, each under a name of its own', () => {
    const all = Object.values(document.paths).flatMap((path) => Object.values(path)) as Operation[];
    expect(all.map(({ operationId }) => operationId)).to.have.members([
      ...['postThings', 'postThingsIdBreak', 'getThings', 'getThingsId'],
      ...['postAuthToken', 'deleteThingsId', 'getThingsNewest'],
    ]);
  });

  it('leads somewhere with every reference', () => {
    const lost: string[] = [];
    JSON.stringify(document, (_name, value: unknown) => {
      if (typeof value === 'object' && value !== null && '$ref' in value)
        if (Object.keys(resolved(value)).length === 0) lost.push(String(value.$ref));
      return value;
    });
    expect(lost).to.deep.equal([]);
  });

  it('shows the schemas that are checked, and nothing that is only ours', () => {
    const { content } = operation('post', '/v1/things').requestBody ?? {};
    expect(content).to.have.nested.property('application/json.schema.additionalProperties', false);
    expect(JSON.stringify(document)).not.to.include('"personal"');
  });

  it('says who may ask', () => {
    expect(operation('get', '/v1/things')).to.deep.include({
      security: [{ bearer: [] }],
      description: 'Roles: partner, auditor, admin.',
    });
    expect(operation('delete', '/v1/things/{id}').description).to.equal('Roles: admin.');
    expect(operation('get', '/v1/things/{id}')).to.deep.include({ security: [] });
  });

  it('shows which parameters there are, and which are needed', () => {
    const { parameters } = operation('get', '/v1/things');
    expect(parameters.slice(0, 3)).to.deep.equal([
      {
        ...{ name: 'limit', in: 'query', required: false },
        schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
      },
      {
        ...{ name: 'cursor', in: 'query', required: false },
        schema: { type: 'string', minLength: 1, maxLength: 512 },
      },
      { name: 'size', in: 'query', required: false, schema: { type: 'integer' } },
    ]);
    expect(operation('get', '/v1/things/{id}').parameters[0]).to.deep.include({
      ...{ name: 'id', in: 'path', required: true },
    });
  });

  it('shows the headers that a request may have by the conventions', () => {
    const always = ['X-Correlation-Id', 'traceparent'];
    const { parameters } = operation('post', '/v1/things/{id}/break');
    expect(named(parameters)).to.deep.equal(['id', 'Idempotency-Key', 'If-Match', ...always]);
    expect(named(operation('post', '/v1/things').parameters)).not.to.include('If-Match');
    expect(named(operation('get', '/v1/things/{id}').parameters)).to.deep.equal([
      ...['id', 'Min-Log-Position', 'Prefer', ...always],
    ]);
    expect(named(operation('post', '/v1/auth/token').parameters)).to.deep.equal(always);
  });

  it('shows the headers that an answer has by the conventions', () => {
    const [ours, command] = [['X-Correlation-Id'], ['ETag', 'Log-Position', 'Idempotent-Replayed']];
    expect(headersOf('post', '/v1/things', 201)).to.have.members([...command, 'Location', ...ours]);
    expect(headersOf('post', '/v1/things/{id}/break', 200)).to.have.members([...command, ...ours]);
    expect(headersOf('delete', '/v1/things/{id}', 204)).to.have.members([...command, ...ours]);
    expect(headersOf('get', '/v1/things/{id}', 200)).to.have.members(['ETag', ...ours]);
    expect(headersOf('get', '/v1/things', 200)).to.have.members(ours);
    expect(headersOf('get', '/v1/things/newest', 200)).to.have.members(['ETag', ...ours]);
    expect(headersOf('post', '/v1/auth/token', 200)).to.have.members(['Log-Position', ...ours]);
    expect(headersOf('post', '/v1/things', 429)).to.have.members(['Retry-After', ...ours]);
    expect(headersOf('post', '/v1/things', 401)).to.have.members(['WWW-Authenticate', ...ours]);
    expect(response('delete', '/v1/things/{id}', 204)).not.to.have.property('content');
  });

  it('shows every problem that there can be, of the conventions and of the route', () => {
    const anyRoute = { 429: ['too-many-requests'], 500: ['internal'] };
    const anyBody = {
      ...{ 400: ['malformed-json'], 413: ['body-too-large'] },
      ...{ 415: ['unsupported-media-type'] },
    };
    const anyToken = { 401: ['unauthenticated'], 403: ['forbidden'] };
    const away = ['database-unavailable', 'event-store-unavailable'];
    expect(codesOf('post', '/v1/things/{id}/break')).to.deep.equal({
      ...{ ...anyRoute, ...anyBody, ...anyToken, 503: away, 412: ['stale-revision'] },
      404: ['thing-not-found', 'thing-unknown'],
      409: ['conflict', 'thing-of-another-size'],
      422: ['idempotency-key-reused', 'invalid-request'],
    });
    expect(codesOf('get', '/v1/things/{id}')).to.deep.equal({
      ...anyRoute,
      404: ['thing-not-found', 'thing-unknown'],
      409: ['thing-of-another-size'],
      422: ['invalid-request'],
      503: ['database-unavailable', 'read-model-behind'],
    });
    expect(codesOf('post', '/v1/auth/token')).to.deep.equal({
      ...{ ...anyRoute, ...anyBody, 422: ['invalid-request'], 503: away },
      429: ['too-many-attempts', 'too-many-requests'],
    });
  });

  it('tells problems apart that share their code and not their title', () => {
    const refusing = (path: string, title: string) =>
      route({
        ...{ method: 'get', path, summary: title, access: 'anyone', answers: { 200: 'empty' } },
        refusals: { 'too-late': { status: 409, title } },
        handle: () => Promise.resolve({ status: 200 }),
      });
    const { paths } = documented([refusing('/a', 'By a day'), refusing('/b', 'By a year')]);
    const [one, other] = ['/a', '/b'].map((path) => (paths[path]?.['get'] as Operation).responses);
    expect(one?.[409]).not.to.deep.equal(other?.[409]);
    expect(one?.[500]).to.deep.equal(other?.[500]);
  });
});
