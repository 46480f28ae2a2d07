import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyedHash } from '#shared/kernel/personal.ts';

const SECRET_BYTES = 32;
const TOKEN = /^([0-9a-f-]{36})\.([\w-]{43})\.([0-9a-f]{64})$/;

export type RefreshTokens = {
  readonly make: (sessionId: string) => { readonly token: string; readonly hash: string };
  /** Which session it was made for, and its hash; nothing if it is none of ours. */
  readonly read: (
    token: string,
  ) => { readonly sessionId: string; readonly hash: string } | undefined;
};

/**
 * A refresh token names its session and carries a seal of ours. Nobody can end a session with a
 * token that was never given out, and of one that was we need keep no more than the last hash.
 */
export const refreshTokens = (keyedHash: KeyedHash): RefreshTokens => {
  const sealOf = (sessionId: string, secret: string) =>
    keyedHash('refresh-token-seal', `${sessionId}.${secret}`);
  const hashOf = (token: string) => keyedHash('refresh-token', token);

  return {
    make: (sessionId) => {
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const token = `${sessionId}.${secret}.${sealOf(sessionId, secret)}`;
      return { token, hash: hashOf(token) };
    },
    read: (token) => {
      const [, sessionId = '', secret = '', seal] = TOKEN.exec(token) ?? [];
      if (seal === undefined) return undefined;
      const ours = timingSafeEqual(Buffer.from(seal), Buffer.from(sealOf(sessionId, secret)));
      return ours ? { sessionId, hash: hashOf(token) } : undefined;
    },
  };
};
