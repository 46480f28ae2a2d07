import { setTimeout as pause } from 'node:timers/promises';

/** An answer of one of the APIs. */
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
};

type Asking = {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

const LONGEST_ANSWER_MS = 30_000;

/** One request, its answer read as JSON where it is. */
export const ask = async (
  method: string,
  url: string,
  { body, headers = {} }: Asking = {},
): Promise<Reply> => {
  const answer = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
  });
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json');
  const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : text;
  return { status: answer.status, headers: answer.headers, body: parsed };
};

/** On a machine that is busy with other things, a view may be further behind than a read waits. */
const LONGEST_AWAY_MS = 60_000;
const AGAIN_MS = 250;

/** What passes by itself; a partner who is away may be meant. */
const PASSING: ReadonlySet<unknown> = new Set(['read-model-behind', 'database-unavailable']);

const isForLater = ({ status, body }: Reply): boolean =>
  status === 503 && PASSING.has((body as { readonly code?: unknown }).code);

/** Asks again, as a client does that is told to come later; not where it says how long it waits. */
const untilItIsThere = async (
  asking: () => Promise<Reply>,
  { Prefer: wait }: NonNullable<Asking['headers']>,
): Promise<Reply> => {
  const until = performance.now() + (wait === undefined ? LONGEST_AWAY_MS : 0);
  for (;;) {
    const reply = await asking();
    if (!isForLater(reply) || performance.now() > until) return reply;
    await pause(AGAIN_MS);
  }
};

type Apis = { readonly commandApi: string; readonly queryApi: string };

/** Somebody signed in, who commands and asks as a client of the APIs does. */
export const aUser = async (
  { commandApi, queryApi }: Apis,
  username: string,
  password = 'lastro-demo',
) => {
  const credentials = { username, password };
  const { status, body } = await ask('POST', `${commandApi}/v1/auth/token`, { body: credentials });
  if (status !== 200) throw new Error(`${username} could not sign in: ${JSON.stringify(body)}`);
  const authorization = `Bearer ${(body as { readonly access_token: string }).access_token}`;
  const as = (headers: Asking['headers']) => ({ headers: { authorization, ...headers } });

  return {
    authorization,
    post: (path: string, body: unknown = {}, headers: Asking['headers'] = {}) =>
      ask('POST', `${commandApi}${path}`, { body, ...as(headers) }),
    patch: (path: string, body: unknown, headers: Asking['headers'] = {}) =>
      ask('PATCH', `${commandApi}${path}`, { body, ...as(headers) }),
    remove: (path: string, headers: Asking['headers'] = {}) =>
      ask('DELETE', `${commandApi}${path}`, as(headers)),
    get: (path: string, headers: Asking['headers'] = {}) =>
      untilItIsThere(() => ask('GET', `${queryApi}${path}`, as(headers)), headers),
  };
};
export type AUser = Awaited<ReturnType<typeof aUser>>;
