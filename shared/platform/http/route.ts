import type { Static, TObject, TProperties, TSchema } from 'typebox';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { Asked } from '#shared/kernel/handle-command.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { closed, reader, Unreadable } from '#shared/kernel/schema.ts';
import type { Access, Caller } from './caller.ts';
import type { Upload, Uploads } from './upload.ts';

/** What is sent back when all went well. */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of a body: what is sent piece by piece, as fast as it is taken, in this type. */
  readonly stream?: { readonly type: string; readonly pieces: AsyncIterable<string> };
};

/** For each reason to refuse, what the caller is told. The reason is the problem's code. */
export type Refusals<Reason extends string> = Readonly<
  Record<Reason, { readonly status: number; readonly title: string; readonly detail?: string }>
>;

export type RefusedWith<Reason extends string> = {
  readonly outcome: 'refused';
  readonly reason: Reason;
  readonly detail?: string;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A request that was understood: who asks, and what. */
export type Call<P, Q, B> = {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The body as it was sent; empty where there was none. */
  readonly text: string;
  /** The body of a route that takes one as it comes. */
  readonly upload: Upload;
  /** The type in which the caller wants the answer, out of those that the route can give. */
  readonly wants: string;
  readonly caller: Caller;
  /** When it arrived. */
  readonly at: Instant;
  readonly correlationId: string;
  readonly ip: string;
  readonly userAgent: string;
  /**
   * As a command: its identity, what the caller has seen, and whether it may come again. What was
   * uploaded is told apart from other uploads by `told`.
   */
  readonly asked: (told?: unknown) => Asked;
};

type Method = 'get' | 'post' | 'patch' | 'delete' | 'put';

type Spec<P extends TProperties, Q extends TProperties, B extends TSchema, R extends string> = {
  readonly method: Method;
  /** With parameters in braces: `/v1/activations/{id}`. */
  readonly path: string;
  /** The path that this one is only another name of: an Idempotency-Key counts in both. */
  readonly aliasOf?: string;
  readonly summary: string;
  /** What the path names. A parameter that cannot be one is answered `<thing>-not-found`. */
  readonly thing?: string;
  readonly access: Access;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Whatever is JSON is handled, and judged there: `body` then only documents what is wanted. */
  readonly takesAnyJson?: true;
  /** The body is no JSON but is handed on as it comes. */
  readonly uploads?: Uploads;
  /** Media types that the answer can be given in, beside JSON. */
  readonly alsoAs?: readonly string[];
  /** The views that the answer comes from; `Min-Log-Position` waits for them. */
  readonly reads?: readonly string[];
  readonly answers: Readonly<Record<number, TSchema | 'empty'>>;
  readonly refusals: Refusals<R>;
  readonly handle: (
    call: Call<Static<TObject<P>>, Static<TObject<Q>>, Static<B>>,
  ) => Promise<Answer | RefusedWith<NoInfer<R>>>;
};

/** A route as data: what is checked, what is documented and what is done are one. */
export type Route = Omit<Spec<TProperties, TProperties, TSchema, string>, 'handle'> & {
  readonly readParams: (input: unknown) => unknown;
  readonly readQuery: (input: unknown) => unknown;
  readonly readBody: ((input: unknown) => unknown) | undefined;
  readonly handle: (call: Call<unknown, unknown, unknown>) => Promise<Answer | RefusedWith<string>>;
};

/** Query strings are text: what should be a number is read as one. */
const coercing = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true, strict: false });
formats.default(coercing);

const queryReader = (properties: TProperties) => {
  let compiled: ValidateFunction | undefined;
  return (input: unknown): unknown => {
    const fits = (compiled ??= coercing.compile(closed(properties)));
    const query = { ...(input as object) };
    if (fits(query)) return query;
    throw new Unreadable(
      (fits.errors ?? []).map(({ instancePath, params, keyword, message }) => {
        const extra = (params as { additionalProperty?: string }).additionalProperty;
        return {
          pointer: extra === undefined ? instancePath : `/${extra}`,
          code: extra === undefined ? keyword : 'unknown-parameter',
          message: message ?? 'is not valid',
        };
      }),
    );
  };
};

const bodyReader = ({
  method,
  body = closed({}),
  takesAnyJson,
  uploads,
}: Pick<Route, 'method' | 'body' | 'takesAnyJson' | 'uploads'>): Route['readBody'] => {
  if (method === 'get' || uploads) return undefined;
  return takesAnyJson ? (input) => input : reader(body);
};

/** Its schemas are compiled once: call it where routes are put together, never while one is handled. */
export const route = <
  P extends TProperties = TProperties,
  Q extends TProperties = TProperties,
  B extends TSchema = TSchema,
  R extends string = never,
>(
  spec: Spec<P, Q, B, R>,
): Route =>
  ({
    ...spec,
    readParams: reader(closed(spec.params ?? {})),
    readQuery: queryReader(spec.query ?? {}),
    readBody: bodyReader(spec),
  }) as unknown as Route;
