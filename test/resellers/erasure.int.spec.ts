import { expect } from 'chai';
import { resellerMonthsTable, resellerMonthsView } from '#shared/cashback-month/view.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { reservationEvents } from '#shared/kernel/reservation.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import { openMonthsIn } from '../../adapters/postgres/open-month-index.ts';
import { personalKeysSchema } from '../../adapters/postgres/personal-keys.ts';
import { resellerMonths } from '../../projections/cashback-month/reseller-months-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { codeOf, emptyVault, everything, granted, withVault } from '../support/a-command-api.ts';
import { aDatabase } from '../support/a-database.ts';
import { anErasingApi, reason, type AnErasingApi } from '../support/an-erasing-api.ts';
import { ana, bia } from '../support/some-resellers.ts';

type Receipt = { readonly id: string; readonly when: string; readonly what: readonly string[] };

describe('Erasing a reseller', function () {
  this.timeout(90_000);
  const db = aDatabase(async (empty) => {
    await withVault(empty);
    await personalKeysSchema.up(empty);
    await checkpointSchema.up(empty);
    await prepareView(empty, resellerMonths);
  });
  let api: AnErasingApi;
  beforeEach(async () => {
    await db().raw('truncate vault.subject_keys, reseller_months_view');
    api = anErasingApi(db());
  });
  afterEach(() => emptyVault(db()));

  const types = async () =>
    (await everything(api.eventStore, resellerEvents)).map(({ type }) => type);

  it('is for operators, who say why, and is answered with a receipt', async () => {
    const id = await api.register();
    await api.register(bia);
    await api.as('analyst').post(`/v1/resellers/${id}/erase`).send({ reason }).expect(403);
    await api.erase(id, {}).expect(422);
    const answer = await api.erase(id).expect(200);
    const receipt = answer.body as Receipt;
    expect(receipt.what).to.include.members(['name', 'cpf', 'email', 'sign-in']);
    expect(answer.headers).to.include({ etag: '"1"' });
    const [recorded] = await api.erased();
    expect(recorded?.data).to.include({ receiptId: receipt.id, at: receipt.when });
    // Whoever reads from there on finds the receipt too.
    expect(answer.headers).to.include({ 'log-position': String(recorded?.position) });
    expect(await types()).to.deep.equal([
      ...['ResellerRegistered', 'ResellerRegistered', 'ResellerErased'],
    ]);
    expect((await api.erase(id).expect(200)).body).to.deep.equal(receipt);
    expect(await api.erased()).to.have.length(1);
    const nobody = id.replace(/^.{8}/, '00000000');
    expect(codeOf(await api.erase(nobody).expect(404))).to.equal('reseller-not-found');
  });

  it('is the same when the request is repeated under its key', async () => {
    const id = await api.register();
    const keyed = (body: object) => api.erase(id, body).set('Idempotency-Key', 'e');
    const first = await keyed({ reason }).expect(200);
    const again = await keyed({ reason }).expect(200);
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers).to.include({ 'idempotent-replayed': 'true' });
    expect(codeOf(await keyed({ reason: 'x' }).expect(422))).to.equal('idempotency-key-reused');
  });

  it('takes no reason that names whom it is to forget', async () => {
    const id = await api.register();
    for (const said of ['ANA  de SOUZA pediu', 'de ana@EXAMPLE.com', 'CPF 529.982.247-25'])
      expect(codeOf(await api.erase(id, { reason: said }).expect(422)), said).to.equal(
        'invalid-request',
      );
    expect(await types()).to.deep.equal(['ResellerRegistered']);
  });

  it('waits for the months in which they are still due something', async () => {
    const openMonthsOf = openMonthsIn(db(), { waitMs: 100 });
    api = anErasingApi(db(), { openMonthsOf });
    const id = await api.register();
    expect(codeOf(await api.erase(id).expect(503))).to.equal('read-model-behind');

    const caughtUp = async () =>
      db()('projection')
        .where({ name: resellerMonthsView })
        .update({ position: String(await api.eventStore.end()) });
    await caughtUp();
    await db()(resellerMonthsTable).insert({
      ...{ reseller_month: `${id}/2026-01`, reseller_id: id, month: '2026-01', purchases: 1 },
      ...{ purchased_in_cents: '100', cashback_by_percent: '{}', percent: '10', rule_set: '1' },
      ...{ cashback_in_cents: '10', adjustments_in_cents: '0', granted_at: null },
    });
    expect(codeOf(await api.erase(id).expect(409))).to.equal('month-open');
    expect(await openMonthsOf(id, BEGINNING)).to.deep.equal(['2026-01' as Month]);

    await db()(resellerMonthsTable).update({ granted_at: new Date(0) });
    await api.erase(id).expect(200);
  });

  it('leaves nothing to sign in with, and ends what they had begun', async () => {
    const id = await api.register();
    const { refresh_token: token } = granted(await api.token('52998224725').expect(200));
    await api.token('ana@example.com', 'a wrong guess').expect(401);
    await api.register(bia);
    await api.erase(id).expect(200);

    for (const name of ['ana@example.com', '52998224725']) await api.token(name).expect(401);
    await api.refresh(token).expect(401);
    const rows = async (table: string) => db()(`vault.${table}`).where({ account_id: id });
    expect(await rows('login')).to.deep.equal([]);
    expect(await rows('credential_change')).to.deep.equal([]);
    const [credential] = (await rows('credentials')) as { password_hash: string }[];
    expect(credential).to.include({ password_hash: '' });
    const [session] = (await rows('session')) as { device: string; reason: string }[];
    expect(session).to.include({ device: '', reason: 'account-erased' });
    await api.token('bia@example.com').expect(200);
  });

  it('keeps the CPF taken for good, and gives the e-mail back', async () => {
    const id = await api.register();
    await api.erase(id).expect(200);
    const again = api.anybody.post('/v1/resellers').send({ ...ana, email: 'new@example.com' });
    expect(codeOf(await again.expect(409))).to.equal('cpf-taken');
    await api.register({ ...bia, email: 'ana@example.com' });
    await api.token('ana@example.com').expect(200);
    const admin = api.as('admin').post('/v1/purchases');
    const purchase = { code: 'A', amount: '1.00', date: '2026-01-02', cpf: '52998224725' };
    expect(codeOf(await admin.send(purchase).expect(404))).to.equal('reseller-not-found');
  });

  it('is not undone by the registration, should that be sent again', async () => {
    const keyed = () =>
      api.anybody.post('/v1/resellers').set('Idempotency-Key', 'again').send(ana).expect(201);
    const { id } = (await keyed()).body as { readonly id: string };
    await api.erase(id).expect(200);
    expect((await keyed()).body).to.deep.equal({ id, fullName: null, cpf: null, email: null });
    await api.token('ana@example.com').expect(401);
    expect(await db()('vault.login')).to.deep.equal([]);
    expect((await everything(api.eventStore, reservationEvents)).at(-1)).to.include({
      type: 'ValueReleased',
    });
  });
});
