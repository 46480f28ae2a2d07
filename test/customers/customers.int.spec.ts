import { expect } from 'chai';
import { customerEvents } from '#shared/customer/events.ts';
import { erasureEvents } from '#shared/kernel/erasure.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { reservationEvents } from '#shared/kernel/reservation.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import {
  personalKeys,
  personalKeysSchema,
  type KeptKeys,
} from '../../adapters/postgres/personal-keys.ts';
import { customers } from '../../projections/customer/customers-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { apply } from '../../projections/view.ts';
import { customerRoutes } from '../../query-api/customer/routes.ts';
import {
  aCommandApi,
  codeOf,
  everything,
  secrets,
  type ACommandApi,
} from '../support/a-command-api.ts';
import { aDatabase } from '../support/a-database.ts';
import { pastIn } from '../support/the-past.ts';

const ana = { name: 'Ana de Souza', email: 'Ana@example.com' };
const bia = { name: 'Bia Lima', email: 'bia@example.com' };
const AT_ONCE = 50;

type Customer = { readonly id: string; readonly name: string; readonly email: string };
type Listed = { readonly items: readonly Customer[]; readonly nextCursor: string | null };
const made = ({ body }: { readonly body: unknown }) => body as Customer;
const path = ({ id }: Customer) => `/v1/customers/${id}`;

describe('Customers', function () {
  this.timeout(90_000);
  const db = aDatabase(async (empty) => {
    await personalKeysSchema.up(empty);
    await checkpointSchema.up(empty);
    await prepareView(empty, customers);
  });
  let keys: KeptKeys;
  let api: ACommandApi;
  beforeEach(async () => {
    keys = personalKeys(db(), secrets.masterKey);
    const eventStore = inMemoryEventStore({ keys });
    api = aCommandApi(db(), { eventStore, destroyKey: keys.destroy });
    await db()(customers.table).truncate();
  });

  const app = () => api.as('customer-app');
  const post = (body: object) => app().post('/v1/customers').send(body);
  const patch = (customer: Customer, body: object) => app().patch(path(customer)).send(body);
  const registered = async (body: object) => made(await post(body).expect(201));
  /** The view is made anew, as by a replay, and asked. */
  const asking = async () => {
    await db()(customers.table).truncate();
    for await (const page of api.eventStore.pages(customerEvents, BEGINNING))
      await db().transaction((tx) => apply(tx, customers, page.events));
    return aThingApi({
      routes: customerRoutes(db(), keys, keyedHash(secrets.hashKey), pastIn(api.eventStore)),
    });
  };
  const listed = async (query = '') =>
    (await (await asking()).as('customer-app').get(`/v1/customers${query}`).expect(200))
      .body as Listed;

  it('are registered, changed and removed by an app', async () => {
    const answer = await post(ana).expect(201);
    const customer = made(answer);
    expect(answer.body).to.deep.equal({ id: customer.id, ...ana });
    expect(answer.headers).to.include({ location: path(customer), etag: '"0"' });

    const changed = await patch(customer, { name: 'Ana Lima' }).expect(200);
    expect(changed.body).to.deep.equal({ ...customer, name: 'Ana Lima' });
    await patch(customer, { name: 'Bia' }).set('If-Match', '"0"').expect(412);
    const gone = await app().delete(path(customer)).expect(204);
    expect(gone.headers).to.have.property('log-position').that.matches(/^\d+$/);
    for (const answered of [app().delete(path(customer)), patch(customer, { name: 'Bia' })])
      expect(codeOf(await answered.expect(404))).to.equal('customer-not-found');
  });

  it('are nobody else’s business, and say what is wrong', async () => {
    for (const role of ['partner', 'analyst', 'operator', 'auditor', 'reseller', 'erp'] as const)
      await api.as(role).post('/v1/customers').send(ana).expect(403);
    await api.anybody.post('/v1/customers').send(ana).expect(401);
    for (const body of [{}, { ...ana, email: 'ana' }, { ...ana, name: ' ' }, { ...ana, age: 3 }])
      await post(body).expect(422);
    await app().patch('/v1/customers/nobody').send({}).expect(404);
  });

  it('have an e-mail that no other has, whatever its capitals', async () => {
    const customer = await registered(ana);
    const other = await registered(bia);
    const same = { email: 'ANA@EXAMPLE.COM' };
    expect(codeOf(await post({ ...bia, ...same }).expect(409))).to.equal('email-taken');
    expect(codeOf(await patch(other, same).expect(409))).to.equal('email-taken');
    expect((await patch(customer, same).expect(200)).body).to.include(same);
    await patch(customer, { email: 'other@example.com' }).expect(200);
    await patch(other, same).expect(200);
    expect(codeOf(await patch(customer, ana).expect(409))).to.equal('email-taken');
  });

  it('are one, of fifty who come with one e-mail at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, nth) => post({ ...ana, name: `Ana ${nth}` })),
    );
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).to.deep.equal([201, ...Array<number>(AT_ONCE - 1).fill(409)]);
    expect(await everything(api.eventStore, customerEvents)).to.have.length(1);
  });

  it('are one, of fifty who change to one e-mail at the same moment', async () => {
    const all = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, nth) => registered({ ...bia, email: `b${nth}@x.com` })),
    );
    const answers = await Promise.all(all.map((one) => patch(one, { email: ana.email })));
    const statuses = answers.map(({ status }) => status).sort((a, b) => a - b);
    expect(statuses).to.deep.equal([200, ...Array<number>(AT_ONCE - 1).fill(409)]);
  });

  it('are the same when the request is repeated under its key', async () => {
    const keyed = (body: object) => post(body).set('Idempotency-Key', 'k');
    const first = await keyed(ana).expect(201);
    const again = await keyed(ana).expect(201);
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers).to.include({ 'idempotent-replayed': 'true' });
    expect(codeOf(await keyed(bia).expect(422))).to.equal('idempotency-key-reused');
    await post(bia).expect(201);
  });

  it('are listed newest first, found by e-mail, and shown one by one', async () => {
    const customer = await registered(ana);
    const other = await registered(bia);
    const first = await listed('?limit=1');
    expect(first.items).to.deep.equal([other]);
    expect((await listed(`?cursor=${first.nextCursor ?? ''}`)).items).to.deep.equal([customer]);
    expect((await listed('?email=ANA@example.com')).items).to.deep.equal([customer]);
    expect((await listed('?email=nobody@example.com')).items).to.deep.equal([]);

    const one = await (await asking()).as('customer-app').get(path(customer)).expect(200);
    expect(one.body).to.deep.equal(customer);
    expect(one.headers).to.include({ etag: '"0"' });
    await (await asking()).as('auditor').get(path(customer)).expect(403);
  });

  it('are erased when removed: neither the log nor a replay brings them back', async () => {
    const customer = await registered(ana);
    await patch(customer, { email: 'lima@example.com' }).expect(200);
    await app().delete(path(customer)).expect(204);

    const [erased] = await everything(api.eventStore, erasureEvents);
    expect(erased?.data.what).to.deep.equal(['name', 'email']);
    const { rows } = await db().raw<{ rows: { wrapped_key: Buffer | null }[] }>(
      'select wrapped_key from vault.subject_keys where subject_id = ?',
      [erased?.data.subjectId ?? ''],
    );
    expect(rows).to.deep.equal([{ wrapped_key: null }]);

    const { events } = await api.eventStore.read(`customer-${customer.id}`, customerEvents);
    const readable = events.flatMap(({ data }) => [
      ...('name' in data ? [data.name] : []),
      ...('email' in data ? [data.email] : []),
    ]);
    expect(readable).to.deep.equal([null, null, null]);
    const raw = [];
    for (const contract of [customerEvents, reservationEvents, erasureEvents])
      raw.push(...(await everything(api.eventStore, contract as typeof customerEvents)));
    const text = JSON.stringify(raw, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const said of ['Ana de Souza', 'na@example.com', 'lima@example.com'])
      expect(text).to.not.include(said);
    expect((await listed()).items).to.deep.equal([]);
    await post({ ...bia, email: 'lima@example.com' }).expect(201);
  });
});
