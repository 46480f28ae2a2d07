import { randomUUID, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { Holder } from '#shared/account/ports.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { reader } from '#shared/kernel/schema.ts';
import { Role, scopesOf } from '#shared/platform/http/caller.ts';
import { ALGORITHM, AUDIENCE, ISSUER, jwkOf, type Claims } from '#shared/platform/http/token.ts';

export const ACCESS_TOKEN_SECONDS = 15 * 60;

const readRole = reader(Role);

export type IssueAccessToken = (holder: Holder, at: Instant) => string;

/** A JWT that says for a quarter of an hour who somebody is and what they may do. */
export const accessTokens = (signingKey: KeyObject): IssueAccessToken => {
  const { kid } = jwkOf(signingKey);
  return ({ accountId, role: name, companyId }, at) => {
    const role = readRole(name);
    const iat = Math.floor(Date.parse(at) / 1_000);
    const claims: Claims = {
      sub: accountId,
      role,
      ...(companyId !== undefined && { companyId }),
      scope: scopesOf(role).join(' '),
      iat,
      exp: iat + ACCESS_TOKEN_SECONDS,
      jti: randomUUID(),
    };
    const options = {
      algorithm: ALGORITHM,
      keyid: kid,
      issuer: ISSUER,
      audience: AUDIENCE,
    } as const;
    return jwt.sign(claims, signingKey, options);
  };
};
