import { createHash, createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { jwkOf, verifier } from './token.ts';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ours = pair();
const older = pair();
const theirs = pair();
const NOON_MS = new Date('2026-01-15T12:00:00Z').getTime();
const noon = NOON_MS / 1_000;

const claims = {
  ...{ iss: 'lastro', aud: 'lastro-api', sub: 'u-1', role: 'partner', companyId: '7' },
  ...{ scope: 'a b', iat: noon, exp: noon + 900, jti: 't-1' },
};
const signed = (
  changes: object = {},
  { key = ours.privateKey, kid = jwkOf(ours.publicKey).kid, algorithm = 'ES256' as const } = {},
) => jwt.sign({ ...claims, ...changes }, key, { algorithm, keyid: kid });

const signer = { algorithm: 'ES256', keyid: jwkOf(ours.publicKey).kid } as const;
const without = (name: keyof typeof claims) => {
  const fewer = Object.fromEntries(Object.entries(claims).filter(([one]) => one !== name));
  return jwt.sign(fewer, ours.privateKey, signer);
};
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' });
const kid = jwkOf(ours.publicKey).kid;

const at = (ms: number) => verifier([ours.publicKey, older.publicKey], () => ms);
const verify = at(NOON_MS);

describe('An access token', () => {
  it('says who asks, in which role, for which company and with which scopes', () => {
    expect(verify(signed())).to.deep.equal({
      ...{ id: 'u-1', role: 'partner', companyId: '7' },
      scopes: new Set(['a', 'b']),
    });
    expect(verify(signed({ companyId: undefined, scope: '' }))).to.deep.equal({
      ...{ id: 'u-1', role: 'partner' },
      scopes: new Set(),
    });
  });

  it('is good under any key that is still accepted, so that keys can be rotated', () => {
    const token = signed({}, { key: older.privateKey, kid: jwkOf(older.publicKey).kid });
    expect(verify(token)).to.include({ id: 'u-1' });
    expect(verifier([ours.publicKey], () => NOON_MS)(token)).to.equal(undefined);
  });

  it('is good until it expires, though it was remembered', () => {
    let now = NOON_MS;
    const later = verifier([ours.publicKey], () => now);
    const token = signed();
    expect(later(token)).to.include({ id: 'u-1' });
    now = NOON_MS + 899_000;
    expect(later(token)).to.include({ id: 'u-1' });
    now = NOON_MS + 900_000;
    expect(later(token)).to.equal(undefined);
  });

  it('is not good without a signature, or with one of a public key', () => {
    const payload = part(claims);
    const none = `${part({ alg: 'none', typ: 'JWT', kid })}.${payload}.`;
    const hs256 = `${part({ alg: 'HS256', typ: 'JWT', kid })}.${payload}`;
    const mac = createHmac('sha256', pem(ours.publicKey)).update(hs256).digest('base64url');
    for (const token of [none, `${hs256}.${mac}`, `${signed().slice(0, -8)}AAAAAAAA`])
      expect(verify(token), token).to.equal(undefined);
  });

  it('is not good when it was altered, or signed by somebody else', () => {
    const [head = '', , signature = ''] = signed().split('.');
    const altered = `${head}.${part({ ...claims, role: 'admin' })}.${signature}`;
    const forged = signed({}, { key: theirs.privateKey });
    const unnamed = signed({}, { key: theirs.privateKey, kid: jwkOf(theirs.publicKey).kid });
    for (const token of [altered, forged, unnamed]) expect(verify(token)).to.equal(undefined);
  });

  it('is not good when it is meant for others, or by others', () => {
    for (const changes of [{ iss: 'other' }, { aud: 'other' }, { role: 'root' }, { sub: '' }])
      expect(verify(signed(changes)), JSON.stringify(changes)).to.equal(undefined);
  });

  it('is not good when it says too little', () => {
    for (const name of ['iss', 'aud', 'sub', 'role', 'scope', 'exp', 'jti'] as const)
      expect(verify(without(name)), name).to.equal(undefined);
  });

  it('is not good when it is no token at all', () => {
    for (const token of ['', 'a', 'a.b.c', `${part({ kid })}..`, 'x'.repeat(5_000)])
      expect(verify(token), token.slice(0, 20)).to.equal(undefined);
  });
});

describe('A public key', () => {
  it('is named by its thumbprint, and shows nothing of the private one', () => {
    const jwk = jwkOf(ours.privateKey);
    expect(jwk).to.deep.equal(jwkOf(ours.publicKey));
    expect(jwk).to.have.all.keys('kty', 'crv', 'x', 'y', 'kid', 'alg', 'use');
    expect(jwk).to.include({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    expect(jwk.kid).to.match(/^[\w-]{43}$/);
  });

  it('has the name that RFC 7638 gives it: the hash of its members, in order', () => {
    const { kty, crv, x, y } = jwkOf(ours.publicKey);
    const members = `{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`;
    expect(kid).to.equal(createHash('sha256').update(members).digest('base64url'));
    expect(jwkOf(older.publicKey).kid).not.to.equal(kid);
  });
});
