import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Reply } from '../support/a-user.ts';

type Json = Readonly<Record<string, unknown>>;
type Header = { readonly required?: boolean; readonly schema: object };
type Content = Readonly<Record<string, unknown>>;
type Response = {
  readonly headers?: Readonly<Record<string, Json>>;
  readonly content?: Content;
};
export type Parameter = { readonly name: string; readonly in: string; readonly required: boolean };
export type Operation = {
  readonly description: string;
  readonly security: readonly object[];
  readonly parameters: readonly Json[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Json>> };
  readonly responses: Readonly<Record<string, Json>>;
};
export type Described = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
const pointer = (...names: readonly string[]) =>
  `api#/${names.map(escaped).map(encodeURIComponent).join('/')}`;

/** An OpenAPI document as something that answers can be held to. */
export const heldTo = (document: Described) => {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  formats.default(ajv);
  ajv.addSchema(document, 'api');

  /** Where a part of the document really stands, and what it is. */
  const found = (part: Json, at: readonly string[]): readonly [Json, readonly string[]] => {
    if (typeof part['$ref'] !== 'string') return [part, at];
    const names = part['$ref'].split('/').slice(1);
    const target = names.reduce<unknown>((node, name) => (node as Json)[name], document);
    return [target as Json, names];
  };
  const check = (what: string, at: readonly string[], value: unknown): string[] => {
    const fits = ajv.compile({ $ref: pointer(...at) });
    if (fits(value)) return [];
    return [`${what} ${ajv.errorsText(fits.errors)}: ${JSON.stringify(value)}`];
  };

  const headerFlaws = (response: Response, at: readonly string[], { headers }: Reply): string[] =>
    Object.entries(response.headers ?? {}).flatMap(([name, part]) => {
      const [header, where] = found(part, [...at, 'headers', name]);
      const value = headers.get(name);
      if (value !== null) return check(name, [...where, 'schema'], value);
      return (header as Header).required === true ? [`${name} is missing`] : [];
    });

  const bodyFlaws = (
    response: Response,
    at: readonly string[],
    { headers, body }: Reply,
  ): string[] => {
    const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
    if (!response.content) return body === '' ? [] : [`a body where there should be none`];
    if (!(type in response.content)) return [`a body of type ${type || 'none'}`];
    return check('body', [...at, 'content', type, 'schema'], body);
  };

  return {
    operations: Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
    ),
    parametersOf: ({ parameters }: Operation): readonly Parameter[] =>
      parameters.map((part) => found(part, [])[0] as unknown as Parameter),
    /** All in which an answer is not what the document says; nothing if it is. */
    flaws: (method: string, path: string, reply: Reply): readonly string[] => {
      const at = ['paths', path, method, 'responses', String(reply.status)];
      const part = document.paths[path]?.[method]?.responses[reply.status];
      if (!part) return [`${reply.status} is not described: ${JSON.stringify(reply.body)}`];
      const [response, where] = found(part, at);
      return [...headerFlaws(response, where, reply), ...bodyFlaws(response, where, reply)];
    },
  };
};
export type HeldTo = ReturnType<typeof heldTo>;
