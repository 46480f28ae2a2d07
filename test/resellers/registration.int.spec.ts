import { expect } from 'chai';
import { resellerEvents } from '#shared/reseller/events.ts';
import { fingerprint } from '#shared/kernel/identity.ts';
import { reservationEvents } from '#shared/kernel/reservation.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
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
import { ana, bia } from '../support/some-resellers.ts';

const CPFS = ['15350946056', '52998224725', '11144477735', '39053344705', '08948135015'];

type Registered = { readonly id: string };
const idOf = ({ body }: { readonly body: unknown }) => (body as Registered).id;
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;

describe('Registering as a reseller', function () {
  this.timeout(90_000);
  const db = aDatabase(withVault);
  let keys: ReturnType<typeof inMemoryKeys>;
  let api: ACommandApi;
  beforeEach(() => {
    keys = inMemoryKeys();
    api = aCommandApi(db(), { eventStore: inMemoryEventStore({ keys }) });
  });
  afterEach(() => emptyVault(db()));

  const post = (body: object) => api.anybody.post('/v1/resellers').send(body);
  const registered = () => everything(api.eventStore, resellerEvents);
  const codes = (answers: readonly { readonly status: number; readonly body: unknown }[]) =>
    answers.map((answer) => (answer.status === 201 ? 201 : codeOf(answer)));

  it('is for anybody, who can then sign in by e-mail or CPF as a reseller', async () => {
    const made = await post(ana).expect(201);
    const id = idOf(made);
    const said = { fullName: 'Ana de Souza', cpf: '52998224725', email: 'Ana@example.com' };
    expect(made.body).to.deep.equal({ id, ...said });
    expect(made.headers).to.include({ location: '/v1/resellers/me', etag: '"0"' });
    expect(made.headers).to.have.property('log-position').that.matches(/^\d+$/);

    for (const username of ['ana@EXAMPLE.com', '52998224725', '529.982.247-25']) {
      const { access_token: token } = granted(await api.token(username).expect(200));
      expect(claimsOf(token), username).to.include({ sub: id, role: 'reseller', scope: '' });
    }
    await api.token('52998224725', 'wrong password').expect(401);
  });

  it('keeps a CPF that begins with a nought as it is', async () => {
    expect((await post(bia).expect(201)).body).to.include({ cpf: '08948135015' });
    await api.token('089.481.350-15').expect(200);
  });

  it('happens once for a CPF, however it is written', async () => {
    await post(ana).expect(201);
    const again = await post({ ...bia, cpf: '52998224725' }).expect(409);
    expect(codeOf(again)).to.equal('cpf-taken');
    await api.token('bia@example.com').expect(401);
    await post(bia).expect(201);
  });

  it('happens once for an e-mail, in capitals or not', async () => {
    await post(ana).expect(201);
    const again = await post({ ...bia, email: 'ANA@example.com' }).expect(409);
    expect(codeOf(again)).to.equal('email-taken');
    await api.token('08948135015').expect(401);
    await post(bia).expect(201);
  });

  it('does not give away the name that somebody else signs in with', async () => {
    await api.opened('ana@example.com');
    await api.opened('08948135015');
    expect(codeOf(await post(ana).expect(409))).to.equal('email-taken');
    expect(codeOf(await post(bia).expect(409))).to.equal('cpf-taken');
    expect(await registered()).to.deep.equal([]);
  });

  it('makes one of fifty who come with one CPF at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, nth) => post({ ...ana, email: `ana${nth}@example.com` })),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).to.deep.equal([201, ...Array<number>(49).fill(409)]);
    expect(await registered()).to.have.length(1);

    const made = answers.find(({ status }) => status === 201)?.body as { readonly email: string };
    await api.token(made.email).expect(200);
    const email = made.email === 'ana0@example.com' ? 'ana1@example.com' : 'ana0@example.com';
    await api.token(email).expect(401);
    await post({ ...bia, email }).expect(201);
  });

  it('makes one of many who come with one e-mail at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, nth) => post({ ...bia, cpf: CPFS[nth % 5] })),
    );
    expect(codes(answers).filter((code) => code === 201)).to.have.length(1);
    expect(new Set(codes(answers))).to.deep.equal(new Set([201, 'email-taken', 'cpf-taken']));
    expect(await registered()).to.have.length(1);
  });

  it('keeps who they are under a key of theirs, and no password at all', async () => {
    await post(ana).expect(201);
    const [event] = await registered();
    const sealed = JSON.stringify(event?.data, (_name, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const said of ['Ana', 'ana@example.com', '52998224725', password])
      expect(sealed).to.not.include(said);
    expect(event?.meta.fingerprint).to.not.equal(fingerprint(ana, 'k'));
    const { rows } = await db().raw<{ rows: object[] }>('select * from vault.credentials');
    expect(JSON.stringify(rows)).to.include('$argon2id$').and.not.include(password);
  });

  it('answers a repeat as it did the first time, and another body under the key not at all', async () => {
    const keyed = (body: object) => post(body).set('Idempotency-Key', 'k');
    const first = await keyed(ana).expect(201);
    const again = await keyed(ana).expect(201);
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers).to.include({ 'idempotent-replayed': 'true' });
    for (const other of [{ ...bia, email: ana.email }, { ...ana, password: 'battery staple' }, bia])
      expect(codeOf(await keyed(other).expect(422))).to.equal('idempotency-key-reused');
    expect(await registered()).to.have.length(1);
    await post(bia).expect(201);
  });

  it('points at what is wrong', async () => {
    const pointersOf = async (body: object) => {
      const { errors } = (await post(body).expect(422)).body as { errors: { pointer: string }[] };
      return errors.map(({ pointer }) => pointer);
    };
    for (const cpf of ['12312312323', '33535353535', '00000000000', '1535094605'])
      expect(await pointersOf({ ...ana, cpf }), cpf).to.deep.equal(['/cpf']);
    const wrong = { fullName: ' ', cpf: '', email: 'ana', password: '123456789', role: 'admin' };
    expect(await pointersOf(wrong)).to.have.members([
      ...['/fullName', '/cpf', '/email', '/password', '/role'],
    ]);
    await post({ ...ana, password: 'x'.repeat(129) }).expect(422);
    expect(await registered()).to.deep.equal([]);
  });

  it('keeps the CPF of who was erased taken', async () => {
    await post(ana).expect(201);
    const [event] = await registered();
    await keys.destroy(event?.data.subjectId ?? '');
    expect(codeOf(await post({ ...ana, email: 'new@example.com' }).expect(409))).to.equal(
      'cpf-taken',
    );
  });

  it('lets nobody register about whom nothing may be kept any more', async () => {
    await post(ana).expect(201);
    const [event] = await registered();
    await keys.destroy(event?.data.subjectId ?? '');
    api = aCommandApi(db(), { eventStore: inMemoryEventStore({ keys }) });
    await emptyVault(db());
    expect(codeOf(await post(ana).expect(409))).to.equal('cpf-taken');
    expect((await everything(api.eventStore, reservationEvents)).at(-1)).to.include({
      type: 'ValueReleased',
    });
    expect(await db()('vault.credential_change')).to.deep.equal([]);
  });
});
