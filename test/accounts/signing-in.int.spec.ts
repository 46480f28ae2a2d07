import { expect } from 'chai';
import jwt from 'jsonwebtoken';
import { signInEvents } from '#shared/account/events.ts';
import { jwkOf } from '#shared/platform/http/token.ts';
import { vaultIn } from '../../adapters/postgres/vault.ts';
import {
  aCommandApi,
  codeOf,
  emptyVault,
  everything,
  granted,
  password,
  secrets,
  withVault,
  type ACommandApi,
} from '../support/a-command-api.ts';
import { aDatabase } from '../support/a-database.ts';

const FAILURES = 10;

describe('Signing in', function () {
  this.timeout(90_000);
  const db = aDatabase(withVault);
  let api: ACommandApi;
  beforeEach(() => {
    api = aCommandApi(db());
  });
  afterEach(() => emptyVault(db()));

  const recorded = async () => everything(api.eventStore, signInEvents);
  const fail = async (username: string, times: number) => {
    for (let nth = 0; nth < times; nth++) await api.token(username, 'wrong').expect(401);
  };

  it('gives tokens in the words of RFC 6749', async () => {
    const id = await api.opened('ana');
    const answer = await api.token('ana').expect(200);
    const { access_token, refresh_token, ...rest } = granted(answer);
    expect(rest).to.deep.equal({ token_type: 'Bearer', expires_in: 900 });
    expect(refresh_token).to.have.length.above(64);
    expect(answer.headers).to.include({ 'cache-control': 'no-store' });
    expect(jwt.decode(access_token)).to.include({ sub: id, role: 'analyst' });
    await api.holding(access_token).get('/v1/auth/sessions').expect(200);
  });

  it('does not mind capitals, nor spaces around the name', async () => {
    await api.opened('ana@example.com');
    await api.token(' Ana@Example.com ').expect(200);
  });

  it('is on record, without the name, the password or a token', async () => {
    const id = await api.opened('ana.silva');
    const { access_token, refresh_token } = granted(await api.token('ana.silva').expect(200));
    await api.token('ana.silva', 'wrong guess').expect(401);
    const events = await recorded();
    expect(events.map(({ type }) => type)).to.deep.equal(['SignedIn', 'SignInFailed']);
    expect(events[0]?.data).to.include({ accountId: id, role: 'analyst' });
    expect(events[0]?.meta.actor).to.deep.equal({ id, role: 'analyst' });
    expect(events[1]?.data).to.include({ accountId: id });
    const text = JSON.stringify(events, (_name, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const secret of ['ana.silva', password, 'wrong guess', access_token, refresh_token])
      expect(text).not.to.include(secret);
  });

  it('says where it stands in the log', async () => {
    await api.opened('ana');
    const { headers } = await api.token('ana').expect(200);
    const [event] = await recorded();
    expect(headers).to.include({ 'log-position': String(event?.position) });
  });

  it('does not move the ETag of the account', async () => {
    const id = await api.opened('ana');
    await api.token('ana').expect(200);
    await api.admin.patch(`/v1/accounts/${id}`).set('If-Match', '"0"').send({}).expect(200);
  });

  it('answers the same for a wrong password, an unknown name and a disabled account', async () => {
    await api.opened('ana');
    const id = await api.opened('bia');
    await api.admin.patch(`/v1/accounts/${id}`).send({ disabled: true }).expect(200);
    const answers = [
      await api.token('ana', 'wrong').expect(401),
      await api.token('nobody', 'wrong').expect(401),
      await api.token('bia').expect(401),
    ];
    const shown = answers.map(({ body, headers }) => ({
      rest: { ...(body as object), correlationId: '' },
      challenge: String(headers['www-authenticate']),
    }));
    expect(shown[0]?.rest).to.include({ code: 'invalid-credentials' });
    expect(shown[0]?.challenge).to.match(/^Bearer/);
    expect(shown[1]).to.deep.equal(shown[0]);
    expect(shown[2]).to.deep.equal(shown[0]);
  });

  it('is refused after ten failures, with the right password too', async () => {
    await api.opened('ana');
    await fail('ana', FAILURES);
    const refused = await api.token('ana').expect(429);
    expect(codeOf(refused)).to.equal('too-many-attempts');
    expect(Number(refused.headers['retry-after'])).to.be.within(880, 900);
    await api.opened('bia');
    await api.token('bia').expect(200);
  });

  it('is refused after ten failures under a name that nobody has', async () => {
    await fail('nobody', FAILURES);
    expect(codeOf(await api.token('Nobody').expect(429))).to.equal('too-many-attempts');
  });

  it('is refused by the next process too, and after a restart', async () => {
    await api.opened('ana');
    await fail('ana', FAILURES);
    const { eventStore } = api;
    await aCommandApi(db(), { eventStore }).token('ana').expect(429);
  });

  it('puts the lock on record, once', async () => {
    const id = await api.opened('ana');
    await fail('ana', FAILURES);
    await api.token('ana', 'wrong').expect(429);
    const events = await recorded();
    expect(events.filter(({ type }) => type === 'SignInFailed')).to.have.length(FAILURES);
    const locks = events.filter(({ type }) => type === 'AccountLocked');
    expect(locks).to.have.length(1);
    expect(locks[0]?.data).to.include({ accountId: id });
    const { at, until } = locks[0]?.data as { readonly at: string; readonly until: string };
    expect(Date.parse(until) - Date.parse(at)).to.be.within(880_000, 900_000);
  });

  it('lets no more than ten guesses through that are made at the same moment', async () => {
    await api.opened('ana');
    const { eventStore } = api;
    const others = [api, aCommandApi(db(), { eventStore }), aCommandApi(db(), { eventStore })];
    const guesses = Array.from({ length: 10 }, () =>
      others.map((one) => one.token('ana', 'wrong').then(({ status }) => status)),
    );
    const statuses = await Promise.all(guesses.flat());
    expect(statuses.filter((status) => status === 401)).to.have.length(FAILURES);
    expect(statuses.filter((status) => status === 429)).to.have.length(20);
  });

  it('lets everybody in at once who knows the password', async () => {
    await api.opened('ana');
    await fail('ana', FAILURES - 1);
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.token('ana')));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
  });

  it('counts no guess that failed for a reason of our own', async () => {
    await api.opened('ana');
    const vault = vaultIn(db());
    const gone = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const credentials = { ...vault.credentials, find: () => Promise.reject(gone) };
    const ill = aCommandApi(db(), { vault: { ...vault, credentials } });
    for (let nth = 0; nth < FAILURES + 2; nth++) await ill.token('ana').expect(503);
    await api.token('ana').expect(200);
  });

  it('leaves no session behind when it could not be put on record', async () => {
    await api.opened('ana');
    const { eventStore } = api;
    const append: typeof eventStore.append = () => Promise.reject(new Error('broken'));
    await aCommandApi(db(), { eventStore: { ...eventStore, append } })
      .token('ana')
      .expect(500);
    expect(await db()('vault.session').pluck('id')).to.deep.equal([]);
    await api.token('ana').expect(200);
  });

  it('wants a name and a password, and nothing else', async () => {
    const ask = (body: object) => api.anybody.post('/v1/auth/token').send(body);
    await ask({ username: 'ana' }).expect(422);
    await ask({ username: 'ana', password, scope: 'all' }).expect(422);
    await ask({ username: 'a'.repeat(1_025), password }).expect(422);
    await ask({ username: '', password: '' }).expect(401);
  });

  it('is open to check for others, by every public key there is', async () => {
    const answer = await api.anybody.get('/.well-known/jwks.json').expect(200);
    expect(answer.body).to.deep.equal({ keys: secrets.publicKeys.map(jwkOf) });
    expect(answer.headers)
      .to.have.property('cache-control')
      .that.matches(/max-age=\d+/);
  });
});
