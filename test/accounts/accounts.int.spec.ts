import { expect } from 'chai';
import { accountEvents, signInEvents } from '#shared/account/events.ts';
import { fingerprint } from '#shared/kernel/identity.ts';
import {
  aCommandApi,
  codeOf,
  emptyVault,
  everything,
  granted,
  password,
  withVault,
  type ACommandApi,
} from '../support/a-command-api.ts';
import { aDatabase } from '../support/a-database.ts';

const another = 'battery staple';

describe('The account API', function () {
  this.timeout(90_000);
  const db = aDatabase(withVault);
  let api: ACommandApi;
  beforeEach(async () => {
    api = aCommandApi(db());
    await api.admin.post('/v1/companies').send({ id: '7', name: 'Aurora' }).expect(201);
  });
  afterEach(() => emptyVault(db()));

  const post = (body: object) => api.admin.post('/v1/accounts').send({ password, ...body });
  const patch = (id: string, body: object) => api.admin.patch(`/v1/accounts/${id}`).send(body);
  const types = async () =>
    (await everything(api.eventStore, accountEvents)).map(({ type }) => type);
  const idOf = ({ body }: { readonly body: unknown }) => (body as { readonly id: string }).id;

  it('opens an account that can sign in', async () => {
    const made = await post({ username: 'ana', role: 'analyst' }).expect(201);
    const id = idOf(made);
    expect(made.body).to.deep.equal({ id, username: 'ana', role: 'analyst' });
    expect(made.headers).to.include({ location: `/v1/accounts/${id}`, etag: '"0"' });
    expect(made.headers).to.have.property('log-position');
    await api.token('ana').expect(200);
  });

  it('opens a partner for a company that there is', async () => {
    const partner = { username: 'bia', role: 'partner' };
    const made = await post({ ...partner, companyId: '7' }).expect(201);
    expect(made.body).to.include({ companyId: '7' });
    expect(codeOf(await post({ ...partner, companyId: '8' }).expect(404))).to.equal(
      'company-not-found',
    );
    const pointersOf = async (body: object) => {
      const { errors } = (await post(body).expect(422)).body as { errors: { pointer: string }[] };
      return errors.map(({ pointer }) => pointer);
    };
    expect(await pointersOf(partner)).to.deep.equal(['/companyId']);
    const analyst = { username: 'eva', role: 'analyst', companyId: '7' };
    expect(await pointersOf(analyst)).to.deep.equal(['/companyId']);
  });

  it('keeps the username under a key of its own, and no password at all', async () => {
    await post({ username: 'ana', role: 'analyst' }).expect(201);
    const [event] = await everything(api.eventStore, accountEvents);
    const { data, meta } = event ?? {};
    expect((data as { readonly username: string }).username).to.match(/^sealed:/);
    expect(JSON.stringify(data)).not.to.include(password);
    expect(meta?.fingerprint).to.be.a('string');
  });

  it('keeps no fingerprint by which a password could be guessed from the log', async () => {
    const body = { username: 'ana', password, role: 'analyst' };
    await api.admin.post('/v1/accounts').set('Idempotency-Key', 'k').send(body).expect(201);
    const [event] = await everything(api.eventStore, accountEvents);
    expect(event?.meta.fingerprint).not.to.equal(fingerprint(body, 'k'));
  });

  it('does not give a username away twice, in capitals either', async () => {
    await post({ username: 'ana', role: 'analyst' }).expect(201);
    const again = await post({ username: 'ANA', role: 'admin', password: another }).expect(409);
    expect(codeOf(again)).to.equal('username-taken');
    expect(await types()).to.deep.equal(['AccountOpened']);
    await api.token('ana', another).expect(401);
    await api.token('ana').expect(200);
  });

  it('gives a username away once though many ask for it at the same moment', async () => {
    const words = Array.from({ length: 5 }, (_, nth) => `${password} ${nth}`);
    const answers = await Promise.all(
      words.map((word) => post({ username: 'ana', role: 'analyst', password: word })),
    );
    const statuses = answers.map(({ status }) => status);
    expect([...statuses].sort()).to.deep.equal([201, 409, 409, 409, 409]);
    const signedIn = await Promise.all(words.map((word) => api.token('ana', word)));
    // Whoever was answered 201 can sign in, and nobody else.
    expect(signedIn.map(({ status }) => (status === 200 ? 201 : 409))).to.deep.equal(statuses);
  });

  it('answers a repeat as it did the first time, and changes nothing', async () => {
    const body = { username: 'ana', password, role: 'analyst' };
    const ask = (more = {}) =>
      api.admin
        .post('/v1/accounts')
        .set('Idempotency-Key', 'k')
        .send({ ...body, ...more });
    const first = await ask().expect(201);
    await patch(idOf(first), { password: another }).expect(200);
    const second = await ask().expect(201);
    expect(second.body).to.deep.equal(first.body);
    expect(second.headers).to.include({ 'idempotent-replayed': 'true', etag: '"0"' });
    await api.token('ana', another).expect(200);
    await api.token('ana').expect(401);
    expect(codeOf(await ask({ password: another }).expect(422))).to.equal('idempotency-key-reused');
    expect(await types()).to.deep.equal(['AccountOpened', 'PasswordChanged']);
  });

  it('takes passwords of ten to 128 characters, and usernames without spaces', async () => {
    const ana = { username: 'ana', role: 'analyst' };
    for (const word of ['9 letters', 'x'.repeat(129), 7])
      await post({ ...ana, password: word }).expect(422);
    for (const username of ['', 'a b', 'a\tb', 'a\u200bb', 'x'.repeat(255)])
      await post({ ...ana, username }).expect(422);
    await post({ ...ana, role: 'king' }).expect(422);
    await post({ ...ana, admin: true }).expect(422);
    await post({ ...ana, password: '🐎'.repeat(10) }).expect(201);
    await api.token('ana', '🐎'.repeat(10)).expect(200);
    await post({ ...ana, username: 'bia', password: 'x'.repeat(128) }).expect(201);
  });

  it('gives an account another password, and ends its sessions', async () => {
    const id = await api.opened('ana');
    const { refresh_token } = granted(await api.token('ana').expect(200));
    const changed = await patch(id, { password: another }).expect(200);
    expect(changed.body).to.deep.equal({ id, username: 'ana', role: 'analyst' });
    expect(changed.headers).to.include({ etag: '"1"' });
    await api.token('ana').expect(401);
    await api.token('ana', another).expect(200);
    await api.refresh(refresh_token).expect(401);
  });

  it('disables an account: its sessions end, and that is on record', async () => {
    const id = await api.opened('ana');
    const first = granted(await api.token('ana').expect(200));
    const second = granted(await api.token('ana').expect(200));
    await patch(id, { disabled: true }).expect(200);
    await api.token('ana').expect(401);
    for (const { refresh_token } of [first, second]) await api.refresh(refresh_token).expect(401);
    const events = await everything(api.eventStore, signInEvents);
    const revoked = events.filter(({ type }) => type === 'SessionRevoked');
    expect(revoked).to.have.length(2);
    expect(revoked[0]?.data).to.include({ accountId: id, reason: 'account-disabled' });
    expect(revoked[0]?.meta.actor.role).to.equal('admin');
  });

  it('enables an account again, with the password it had', async () => {
    const id = await api.opened('ana');
    await patch(id, { disabled: true }).expect(200);
    await patch(id, { disabled: true }).expect(200);
    await patch(id, { disabled: false }).expect(200);
    await api.token('ana').expect(200);
    expect(await types()).to.deep.equal(['AccountOpened', 'AccountDisabled', 'AccountEnabled']);
  });

  it('leaves everything as it was for somebody who saw something older', async () => {
    const id = await api.opened('ana');
    const stale = api.admin.patch(`/v1/accounts/${id}`).set('If-Match', '"7"');
    await stale.send({ password: another, disabled: true }).expect(412);
    await api.token('ana').expect(200);
  });

  it('has nothing to change where there is no account', async () => {
    const unknown = '5d0b2a52-3c5e-5a0e-9d0a-0000000000a1';
    for (const id of [unknown, 'ana']) {
      const answer = await patch(id, { disabled: true }).expect(404);
      expect(codeOf(answer)).to.equal('account-not-found');
    }
  });

  it('is for administrators', async () => {
    const body = { username: 'ana', password, role: 'admin' };
    await api.anybody.post('/v1/accounts').send(body).expect(401);
    for (const role of ['analyst', 'partner', 'operator', 'auditor'] as const)
      await api.as(role).post('/v1/accounts').send(body).expect(403);
    expect(await types()).to.deep.equal([]);
  });

  it('leaves nothing intended behind', async () => {
    const id = await api.opened('ana');
    await post({ username: 'ana', role: 'analyst' }).expect(409);
    await patch(id, { password: another }).expect(200);
    await patch(id, {}).expect(200);
    const stale = api.admin.patch(`/v1/accounts/${id}`).set('If-Match', '"0"');
    await stale.send({ disabled: true }).expect(412);
    expect(await api.vault.credentials.unsettled(0, 10)).to.deep.equal([]);
  });
});
