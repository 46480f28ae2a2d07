import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import type { Static } from 'typebox';
import { reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { CompanyClaim, Role, type Caller } from './caller.ts';

export const ISSUER = 'lastro';
export const AUDIENCE = 'lastro-api';
export const ALGORITHM = 'ES256';

const LARGEST_TOKEN = 4_096;
const REMEMBERED_TOKENS = 20_000;

const Claims = Type.Object({
  sub: Type.String({ minLength: 1 }),
  role: Role,
  companyId: Type.Optional(CompanyClaim),
  scope: Type.String(),
  iat: Type.Integer(),
  exp: Type.Integer(),
  jti: Type.String({ minLength: 1 }),
});
export type Claims = Static<typeof Claims>;
const readClaims = reader(Claims);

export type Jwk = Readonly<Record<'kty' | 'crv' | 'x' | 'y' | 'kid' | 'alg' | 'use', string>>;

/** A public key as a JWK, named by its RFC 7638 thumbprint. */
export const jwkOf = (key: KeyObject): Jwk => {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' }) as Pick<
    Jwk,
    'crv' | 'kty' | 'x' | 'y'
  >;
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { kty, crv, x, y, kid, alg: ALGORITHM, use: 'sig' };
};

/** Whoever a token names, or nobody: it is forged, altered, expired, or meant for others. */
export type Verify = (token: string) => Caller | undefined;

/**
 * Accepts ES256 tokens under any of the keys, named by `kid`. A token that proved good is
 * remembered until it expires, since checking a signature costs more than most commands.
 */
export const verifier = (
  publicKeys: readonly KeyObject[],
  now = () => new Date().getTime(),
): Verify => {
  const keys = new Map(publicKeys.map((key) => [jwkOf(key).kid, key]));
  const known = new LRUCache<string, { readonly caller: Caller; readonly exp: number }>({
    max: REMEMBERED_TOKENS,
  });

  const checked = (token: string) => {
    const kid = jwt.decode(token, { complete: true })?.header.kid;
    const key = keys.get(kid ?? '');
    if (!key) return undefined;
    const { sub, role, companyId, scope, exp } = readClaims(
      jwt.verify(token, key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        clockTimestamp: Math.floor(now() / 1_000),
      }),
    );
    const scopes = new Set(scope.split(' ').filter((one) => one !== ''));
    const caller: Caller = { id: sub, role, scopes, ...(companyId !== undefined && { companyId }) };
    return { caller, exp };
  };

  return (token) => {
    if (token.length > LARGEST_TOKEN) return undefined;
    const remembered = known.get(token);
    if (remembered && remembered.exp * 1_000 > now()) return remembered.caller;
    try {
      const proven = checked(token);
      if (proven) known.set(token, proven);
      return proven?.caller;
    } catch {
      // Whatever is wrong with a token, its bearer is told the same: that it is not good.
      return undefined;
    }
  };
};
