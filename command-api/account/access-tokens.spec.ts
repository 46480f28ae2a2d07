import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { anAccount, noon } from '#shared/account/examples.ts';
import type { CompanyId } from '#shared/ids.ts';
import { ROLES } from '#shared/platform/http/caller.ts';
import { jwkOf, verifier } from '#shared/platform/http/token.ts';
import { accessTokens } from './access-tokens.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const issue = accessTokens(privateKey);
const partner = { accountId: anAccount, role: 'partner', companyId: '7' as CompanyId };
const decoded = (token: string) => jwt.decode(token, { complete: true });

describe('An access token', () => {
  it('says who it is for, what they may do, and until when', () => {
    const iat = Date.parse(noon) / 1_000;
    const { jti, ...payload } = decoded(issue(partner, noon))?.payload as jwt.JwtPayload;
    expect(payload).to.deep.equal({
      ...{ sub: anAccount, role: 'partner', companyId: '7', scope: '' },
      ...{ iss: 'lastro', aud: 'lastro-api', iat, exp: iat + 900 },
    });
    expect(jti).to.match(/^[0-9a-f-]{36}$/);
  });

  it('is signed with ES256, and names its key', () => {
    const header = decoded(issue(partner, noon))?.header;
    expect(header).to.deep.equal({ alg: 'ES256', typ: 'JWT', kid: jwkOf(publicKey).kid });
  });

  it('is accepted by whoever has the public key, for every role', () => {
    const verify = verifier([publicKey], () => Date.parse(noon));
    for (const role of ROLES)
      expect(verify(issue({ accountId: anAccount, role }, noon))).to.deep.include({
        id: anAccount,
        role,
      });
    expect(verify(issue(partner, noon))).to.deep.include({ companyId: '7' });
  });

  it('gives those who see people the scope to do so', () => {
    const scopeOf = (role: string) =>
      (decoded(issue({ accountId: anAccount, role }, noon))?.payload as jwt.JwtPayload)[
        'scope'
      ] as string;
    const seeing = ROLES.filter((role) => scopeOf(role) === 'personal-data');
    expect(seeing).to.have.members(['admin', 'analyst', 'operator', 'customer-app']);
  });

  it('is never the same twice', () => {
    const jtiOf = (token: string) => (decoded(token)?.payload as jwt.JwtPayload).jti;
    expect(jtiOf(issue(partner, noon))).not.to.equal(jtiOf(issue(partner, noon)));
  });

  it('is not made for a role that there is not', () => {
    expect(() => issue({ accountId: anAccount, role: 'king' }, noon)).to.throw();
  });
});
