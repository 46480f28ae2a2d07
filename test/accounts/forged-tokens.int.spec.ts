import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { jwkOf } from '#shared/platform/http/token.ts';
import {
  aCommandApi,
  codeOf,
  emptyVault,
  granted,
  secrets,
  withVault,
  type ACommandApi,
} from '../support/a-command-api.ts';
import { aDatabase } from '../support/a-database.ts';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const own = secrets.publicKeys[0];
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

describe('An access token at the API', function () {
  this.timeout(90_000);
  const db = aDatabase(withVault);
  let api: ACommandApi;
  let token: string;
  let claims: jwt.JwtPayload;
  beforeEach(async () => {
    api = aCommandApi(db());
    await api.opened('ana', 'admin');
    token = granted(await api.token('ana').expect(200)).access_token;
    claims = jwt.decode(token) as jwt.JwtPayload;
  });
  afterEach(() => emptyVault(db()));

  const statusOf = async (one: string, to = api) =>
    (await to.holding(one).get('/v1/auth/sessions')).status;
  const signed = (changes: object = {}, key: KeyObject = secrets.signingKey, kid?: string) =>
    jwt.sign({ ...claims, ...changes }, key, {
      algorithm: 'ES256',
      keyid: kid ?? jwkOf(key).kid,
    });

  it('is good as it was given out, and as we would make it', async () => {
    expect(await statusOf(token)).to.equal(200);
    expect(await statusOf(signed())).to.equal(200);
  });

  it('is not good without a signature', async () => {
    const header = { alg: 'none', typ: 'JWT', kid: jwkOf(secrets.signingKey).kid };
    const unsigned = `${encoded(header)}.${encoded(claims)}.`;
    expect(await statusOf(unsigned)).to.equal(401);
    const [, payload = '', signature = ''] = token.split('.');
    expect(await statusOf(`${encoded(header)}.${payload}.${signature}`)).to.equal(401);
  });

  it('is not good when the public key is the secret that it was signed with', async () => {
    const pem = own?.export({ type: 'spki', format: 'pem' }).toString() ?? '';
    const kid = jwkOf(secrets.signingKey).kid;
    const said = `${encoded({ alg: 'HS256', typ: 'JWT', kid })}.${encoded(claims)}`;
    const signature = createHmac('sha256', pem).update(said).digest('base64url');
    expect(await statusOf(`${said}.${signature}`)).to.equal(401);
  });

  it('is not good for or from somebody else, nor after its time', async () => {
    for (const change of [
      { iss: 'somebody' },
      { aud: 'another-api' },
      { exp: Number(claims.iat) - 1 },
      { role: 'king' },
    ])
      expect(await statusOf(signed(change)), JSON.stringify(change)).to.equal(401);
  });

  it('is not good when what it says was altered', async () => {
    const [header = '', , signature = ''] = token.split('.');
    const altered = `${header}.${encoded({ ...claims, role: 'partner' })}.${signature}`;
    expect(await statusOf(altered)).to.equal(401);
  });

  it('is not good under a key that is none of ours, whatever name it gives it', async () => {
    const { privateKey } = pair();
    expect(await statusOf(signed({}, privateKey))).to.equal(401);
    expect(await statusOf(signed({}, privateKey, jwkOf(secrets.signingKey).kid))).to.equal(401);
  });

  it('is told no more than that it is not good', async () => {
    const answer = await api
      .holding(signed({ aud: 'x' }))
      .get('/v1/auth/sessions')
      .expect(401);
    expect(codeOf(answer)).to.equal('unauthenticated');
    expect(answer.headers['www-authenticate']).to.equal('Bearer realm="lastro"');
  });

  it('outlives the key that signed it, as long as that is still accepted', async () => {
    const { privateKey: signingKey, publicKey } = pair();
    const { eventStore } = api;
    const rotated = { ...secrets, signingKey, publicKeys: [publicKey, ...secrets.publicKeys] };
    const after = aCommandApi(db(), { eventStore, secrets: rotated });
    expect(await statusOf(token, after)).to.equal(200);
    const fresh = granted(await after.token('ana').expect(200)).access_token;
    expect(jwt.decode(fresh, { complete: true })?.header.kid).to.equal(jwkOf(publicKey).kid);
    expect(await statusOf(fresh, after)).to.equal(200);
    const known = await after.anybody.get('/.well-known/jwks.json').expect(200);
    expect((known.body as { readonly keys: readonly object[] }).keys).to.have.length(2);

    const withdrawn = { ...secrets, signingKey, publicKeys: [publicKey] };
    const later = aCommandApi(db(), { eventStore, secrets: withdrawn });
    expect(await statusOf(token, later)).to.equal(401);
  });

  it('is not good for an account that was disabled', async () => {
    const isDisabled = (id: string) => id === claims.sub;
    const aware = aCommandApi(db(), { eventStore: api.eventStore, isDisabled });
    expect(await statusOf(token, aware)).to.equal(401);
  });
});
