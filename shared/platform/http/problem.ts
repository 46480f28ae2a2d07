import type { Response } from 'express';
import type { Static } from 'typebox';
import { StoreAway, StreamMoved } from '#shared/kernel/event-store.ts';
import { KeyReused, Outdated } from '#shared/kernel/handle-command.ts';
import { Unreadable, type Flaw } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { databaseIsAway, tableIsMissing } from '../database-away.ts';

/** What a caller is told, before it is put on the wire. `code` is public for ever. */
export type Problem = {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: readonly Flaw[];
  /** Members of this problem's own, like a refused sale's `saleId`. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
};

/** RFC 9457, as it is sent. */
export type ProblemBody = Static<typeof ProblemBody>;
export const ProblemBody = Type.Object({
  type: Type.String({ format: 'uri-reference' }),
  title: Type.String(),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  detail: Type.Optional(Type.String()),
  instance: Type.String(),
  code: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' }),
  correlationId: Type.String(),
  errors: Type.Optional(
    Type.Array(
      Type.Object({ pointer: Type.String(), code: Type.String(), message: Type.String() }),
    ),
  ),
});

export const sendProblem = (response: Response, problem: Problem): void => {
  const { code, status, title, detail, errors, more, headers = {} } = problem;
  const body: ProblemBody = {
    type: `/problems/${code}`,
    title,
    status,
    ...(status !== 500 && { detail: detail ?? `${title}.` }),
    instance: response.req.path,
    code,
    correlationId: String(response.locals['correlationId']),
    ...(errors && { errors: [...errors] }),
    ...more,
  };
  response.status(status).set(headers).type('application/problem+json').send(JSON.stringify(body));
};

/** Thrown on the way in, where there is nothing to decide yet. */
export class Rejected extends Error {
  override readonly name = 'Rejected';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

const AGAIN = { 'Retry-After': '1' };

const away = (what: string): Problem => ({
  code: `${what}-unavailable`,
  status: 503,
  title: `The ${what.replace('-', ' ')} cannot be reached`,
  detail: 'Nothing is lost; ask again with the same Idempotency-Key.',
  headers: AGAIN,
});

/** What any route may answer, whatever it is about. */
export const problems = {
  invalid: (errors: readonly Flaw[]): Problem => ({
    code: 'invalid-request',
    status: 422,
    title: 'The request is not valid',
    detail: 'Each entry of "errors" points at what is wrong.',
    errors,
  }),
  noSuch: (thing: string): Problem => ({
    code: `${thing}-not-found`,
    status: 404,
    title: `No such ${thing}`,
  }),
  notPossible: (method: string): Problem => ({
    code: 'method-not-allowed',
    status: 405,
    title: `${method} is not possible here`,
  }),
  malformedJson: { code: 'malformed-json', status: 400, title: 'The body is not JSON' },
  unauthenticated: {
    code: 'unauthenticated',
    status: 401,
    title: 'A valid access token is needed',
    detail: 'Send "Authorization: Bearer <access token>"; get one from POST /v1/auth/token.',
    headers: { 'WWW-Authenticate': 'Bearer realm="lastro"' },
  },
  forbidden: { code: 'forbidden', status: 403, title: 'Your role does not allow this' },
  notFound: { code: 'not-found', status: 404, title: 'There is no such route' },
  conflict: { code: 'conflict', status: 409, title: 'Others keep changing it; ask again' },
  stale: { code: 'stale-revision', status: 412, title: 'It has changed since you read it' },
  tooLarge: { code: 'body-too-large', status: 413, title: 'The body is too large' },
  unsupportedMediaType: {
    code: 'unsupported-media-type',
    status: 415,
    title: 'The body has a type that is not understood here',
  },
  keyReused: {
    code: 'idempotency-key-reused',
    status: 422,
    title: 'This Idempotency-Key was used for another body',
  },
  tooManyRequests: {
    code: 'too-many-requests',
    status: 429,
    title: 'Too many requests',
    headers: AGAIN,
  },
  internal: { code: 'internal', status: 500, title: 'Something went wrong on our side' },
  behind: {
    code: 'read-model-behind',
    status: 503,
    title: 'The read model has not got there yet',
    detail: 'Ask again in a moment.',
    headers: AGAIN,
  },
  notBegun: {
    code: 'not-begun',
    status: 503,
    title: 'This installation has not begun yet',
    detail: 'Nothing was taken; ask again in a moment.',
    headers: AGAIN,
  },
  eventStoreAway: away('event-store'),
  databaseAway: away('database'),
} satisfies Record<string, Problem | ((...about: never[]) => Problem)>;

/** From what a caller sent to what we understand. What we cannot read of our own is no 422. */
export const understand = <T>(read: (input: unknown) => T, input: unknown): T => {
  try {
    return read(input);
  } catch (error) {
    throw error instanceof Unreadable ? new Rejected(problems.invalid(error.flaws)) : error;
  }
};

/** What a caller is told about an error; nothing if it is our own fault. */
export const problemOf = (error: unknown): Problem | undefined => {
  if (error instanceof Rejected) return error.problem;
  if (error instanceof KeyReused) return problems.keyReused;
  if (error instanceof Outdated) return problems.stale;
  if (error instanceof StreamMoved) return problems.conflict;
  if (error instanceof StoreAway) return problems.eventStoreAway;
  if (databaseIsAway(error)) return problems.databaseAway;
  if (tableIsMissing(error)) return problems.behind;
  // A path that is no text in UTF-8 leads nowhere.
  return error instanceof URIError ? problems.notFound : undefined;
};
