import { personal } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { openapi } from '#shared/platform/http/openapi.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { thingRoutes } from './a-thing-api.ts';

// The document of an API of things, and how a spec finds its way in it.

type Response = {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: unknown }>>;
};
export type Operation = {
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

export const documented = (routes: readonly Route[] = [...thingRoutes(), signIn, remove, newest]) =>
  openapi({ title: 'Things', version: '1.2.3', routes });
export const document = documented();

export const resolved = (node: object): object => {
  if (!('$ref' in node)) return node;
  return String(node.$ref)
    .split('/')
    .slice(1)
    .reduce<object>((at, name) => (at as Record<string, object>)[name] ?? {}, document);
};
export const operation = (method: string, path: string) =>
  document.paths[path]?.[method] as Operation;
export const named = (parameters: readonly object[]) =>
  parameters.map(resolved).map((one) => (one as { name: string }).name);
export const response = (method: string, path: string, status: number) =>
  resolved(operation(method, path).responses[status] ?? {}) as Response;
export const headersOf = (method: string, path: string, status: number) =>
  Object.keys(response(method, path, status).headers ?? {});
export const codesOf = (method: string, path: string) => {
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
