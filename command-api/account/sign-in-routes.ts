import type { KeyObject } from 'node:crypto';
import type { Sessions } from '#shared/account/ports.ts';
import { Instant, type Meta } from '#shared/kernel/message.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { ROLES } from '#shared/platform/http/caller.ts';
import { guarded } from '#shared/platform/http/guarded.ts';
import { cursorOf, listOf, listParameters, page } from '#shared/platform/http/query.ts';
import { route, type Answer, type Route } from '#shared/platform/http/route.ts';
import { jwkOf } from '#shared/platform/http/token.ts';
import type { RecordRevocations } from './revocations.ts';
import { signingIn, tokensFor, type SignInDeps, type Tokens } from './sign-in.ts';

export type SignInRoutesDeps = SignInDeps & {
  readonly publicKeys: readonly KeyObject[];
  readonly recordRevocations: RecordRevocations;
};

/** Longer than any name or password there is. What does not fit is no guess worth making. */
const LONGEST_GUESS = 1_024;
const LONGEST_DEVICE = 120;
const JWKS_SECONDS = 300;

const Guess = Type.String({ maxLength: LONGEST_GUESS });
const Granted = closed({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer(),
  refresh_token: Type.String(),
});
const RefreshToken = closed({ refresh_token: Guess });
const Session = closed({
  id: Type.String({ format: 'uuid' }),
  device: Type.String(),
  createdAt: Instant,
  lastUsedAt: Instant,
  expiresAt: Instant,
});
const Jwks = closed({ keys: Type.Array(Type.Record(Type.String(), Type.String())) });

const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="lastro"' };
const unauthenticated = { status: 401, title: 'The refresh token is not good any more' };
const refusedToken = { outcome: 'refused', reason: 'unauthenticated', headers: CHALLENGE } as const;

const granted = (tokens: Tokens, position?: bigint): Answer => ({
  status: 200,
  body: tokens,
  headers: {
    'Cache-Control': 'no-store',
    ...(position !== undefined && { 'Log-Position': String(position) }),
  },
});

const tokenRoute = (deps: SignInRoutesDeps): Route => {
  const signIn = signingIn(deps);
  return route({
    method: 'post',
    path: '/v1/auth/token',
    summary: 'Sign in',
    access: 'anyone',
    body: closed({ username: Guess, password: Guess }),
    answers: { 200: Granted },
    refusals: {
      'invalid-credentials': { status: 401, title: 'The username or the password is wrong' },
      'too-many-attempts': {
        status: 429,
        title: 'Too many failures to sign in with this username',
      },
    },
    handle: async ({ body, userAgent, asked }) => {
      const device = userAgent.slice(0, LONGEST_DEVICE);
      const signedIn = await signIn({ ...body, device }, guarded(deps.hash, asked()).meta);
      switch (signedIn.outcome) {
        case 'signed in':
          return granted(signedIn.tokens, signedIn.position);
        case 'wrong':
          return { outcome: 'refused', reason: 'invalid-credentials', headers: CHALLENGE };
        case 'locked': {
          const headers = { 'Retry-After': String(Math.ceil(signedIn.forMs / 1_000)) };
          return { outcome: 'refused', reason: 'too-many-attempts', headers };
        }
      }
    },
  });
};

const refreshRoute = (deps: SignInRoutesDeps): Route => {
  const { refreshTokens, vault, recordRevocations } = deps;

  const rotated = async (token: string, meta: Meta) => {
    const presented = refreshTokens.read(token);
    if (!presented) return refusedToken;
    const { sessionId: id, hash: presentedHash } = presented;
    const next = refreshTokens.make(id);
    const rotation = { id, presentedHash, nextHash: next.hash, meta };
    const holder = await vault.sessions.rotate(rotation);
    if (holder === 'reused') await recordRevocations({ id });
    if (typeof holder === 'string') return refusedToken;
    return granted(tokensFor(deps, holder, next.token, meta.at));
  };

  return route({
    method: 'post',
    path: '/v1/auth/refresh',
    summary: 'Go on with a session: the refresh token is good once, and the answer has the next',
    access: 'anyone',
    body: RefreshToken,
    answers: { 200: Granted },
    refusals: { unauthenticated },
    handle: ({ body, asked }) => rotated(body.refresh_token, guarded(deps.hash, asked()).meta),
  });
};

const revokeRoute = ({ hash, refreshTokens, vault, recordRevocations }: SignInRoutesDeps): Route =>
  route({
    method: 'post',
    path: '/v1/auth/revoke',
    summary: 'Sign out: the session ends, if there is one',
    access: 'anyone',
    body: RefreshToken,
    answers: { 204: 'empty' },
    refusals: {},
    handle: async ({ body, asked }) => {
      const presented = refreshTokens.read(body.refresh_token);
      if (presented) {
        const { sessionId: id } = presented;
        await vault.sessions.revoke(id, 'signed-out', guarded(hash, asked()).meta);
        await recordRevocations({ id });
      }
      return { status: 204 };
    },
  });

const place = cursorOf(Type.Object({ createdAt: Instant, id: Type.String({ format: 'uuid' }) }));

const sessionsRoute = (sessions: Sessions): Route =>
  route({
    method: 'get',
    path: '/v1/auth/sessions',
    summary: 'Your active sessions, newest first',
    access: ROLES,
    query: listParameters,
    answers: { 200: listOf(Session) },
    refusals: {},
    handle: async ({ caller, at, query: { limit, cursor } }) => {
      const before = place.read(cursor);
      const found = await sessions.active(caller.id, at, { limit: limit + 1, before });
      return page(
        found,
        limit,
        (session) => session,
        ({ createdAt, id }) => place.write({ createdAt, id }),
      );
    },
  });

const jwksRoute = (publicKeys: readonly KeyObject[]): Route => {
  const keys = [...new Map(publicKeys.map(jwkOf).map((jwk) => [jwk.kid, jwk])).values()];
  return route({
    method: 'get',
    path: '/.well-known/jwks.json',
    summary: 'The public keys under which access tokens are good',
    access: 'anyone',
    answers: { 200: Jwks },
    refusals: {},
    handle: () =>
      Promise.resolve({
        status: 200,
        body: { keys },
        headers: { 'Cache-Control': `public, max-age=${JWKS_SECONDS}` },
      }),
  });
};

/** Signing in, staying so, signing out, and what others need to check our tokens. */
export const signInRoutes = (deps: SignInRoutesDeps): Route[] => [
  tokenRoute(deps),
  refreshRoute(deps),
  revokeRoute(deps),
  sessionsRoute(deps.vault.sessions),
  jwksRoute(deps.publicKeys),
];
