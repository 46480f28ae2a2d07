import { expect } from 'chai';
import { companyEvents } from '#shared/company/events.ts';
import type { CompanyId } from '#shared/ids.ts';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { companyExistsIn } from './existence.ts';
import { companyRoutes } from './routes.ts';

const api = () => {
  const eventStore = inMemoryEventStore();
  const { as, anybody } = aThingApi({ routes: companyRoutes({ eventStore }) });
  return {
    as,
    anybody,
    admin: as('admin'),
    exists: companyExistsIn(eventStore),
    events: async (id: string) => {
      const { events } = await eventStore.read(`company-${id}`, companyEvents);
      return events.map(({ type }) => type);
    },
  };
};

const codeOf = ({ body }: { readonly body: unknown }) => (body as { readonly code: string }).code;

const aurora = { id: 'aurora', name: 'Aurora' };
const cnpj = '11222333000181';

describe('The company API', () => {
  it('opens a company under the id that was chosen', async () => {
    const { admin, events } = api();
    const made = await admin.post('/v1/companies').send(aurora).expect(201);
    const { headers } = made;
    expect(made.body).to.deep.equal(aurora);
    expect(headers).to.include({ location: '/v1/companies/aurora', etag: '"0"' });
    expect(headers).to.have.property('log-position').that.matches(/^\d+$/);
    expect(await events('aurora')).to.deep.equal(['CompanyOpened']);
  });

  it('takes a CNPJ plain or formatted, and gives it back plain', async () => {
    const { admin } = api();
    const formatted = { ...aurora, cnpj: '11.222.333/0001-81' };
    const made = await admin.post('/v1/companies').send(formatted).expect(201);
    expect(made.body).to.deep.equal({ ...aurora, cnpj });
  });

  it('points at a CNPJ whose check digits are wrong', async () => {
    const { admin } = api();
    const wrong = { ...aurora, cnpj: '11222333000182' };
    const refused = await admin.post('/v1/companies').send(wrong).expect(422);
    expect(refused.body).to.deep.include({
      code: 'invalid-request',
      errors: [{ pointer: '/cnpj', code: 'cnpj', message: 'is not a valid CNPJ' }],
    });
  });

  it('does not give an id away twice', async () => {
    const { admin, events } = api();
    await admin.post('/v1/companies').send(aurora).expect(201);
    const again = await admin
      .post('/v1/companies')
      .send({ ...aurora, name: 'Boreal' })
      .expect(409);
    expect(codeOf(again)).to.equal('company-id-taken');
    expect(await events('aurora')).to.deep.equal(['CompanyOpened']);
  });

  it('gives an id away once though many ask for it at the same moment', async () => {
    const { admin } = api();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => admin.post('/v1/companies').send(aurora)),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).to.deep.equal([201, 409, 409, 409, 409]);
  });

  it('answers a repeat as it did the first time, whatever happened since', async () => {
    const { admin, events } = api();
    const ask = () => admin.post('/v1/companies').set('Idempotency-Key', 'k').send(aurora);
    const first = await ask().expect(201);
    await admin.patch('/v1/companies/aurora').send({ name: 'Boreal' }).expect(200);
    const second = await ask().expect(201);
    expect(second.body).to.deep.equal(first.body);
    expect(second.headers).to.include({ 'idempotent-replayed': 'true', etag: '"0"' });
    expect(await events('aurora')).to.have.length(2);
  });

  it('does not take one key for two companies', async () => {
    const { admin, events } = api();
    const keyed = () => admin.post('/v1/companies').set('Idempotency-Key', 'k');
    await keyed().send(aurora).expect(201);
    const other = await keyed().send({ id: 'boreal', name: 'Boreal' }).expect(422);
    expect(codeOf(other)).to.equal('idempotency-key-reused');
    expect(await events('boreal')).to.deep.equal([]);
  });

  it('changes what it is told to change, and no more', async () => {
    const { admin } = api();
    await admin
      .post('/v1/companies')
      .send({ ...aurora, cnpj })
      .expect(201);
    const renamed = await admin.patch('/v1/companies/aurora').send({ name: 'Boreal' }).expect(200);
    expect(renamed.body).to.deep.equal({ id: 'aurora', name: 'Boreal', cnpj });
    expect(renamed.headers).to.include({ etag: '"1"' });
    const same = await admin.patch('/v1/companies/aurora').send({ name: 'Boreal' }).expect(200);
    expect(same.headers).to.include({ etag: '"1"' });
  });

  it('changes nothing for somebody who saw something older', async () => {
    const { admin } = api();
    await admin.post('/v1/companies').send(aurora).expect(201);
    const rename = (name: string) =>
      admin.patch('/v1/companies/aurora').set('If-Match', '"0"').send({ name });
    await rename('Boreal').expect(200);
    expect(codeOf(await rename('Austral').expect(412))).to.equal('stale-revision');
  });

  it('has nothing to change where there is no company', async () => {
    const { admin } = api();
    for (const id of ['aurora', 'a%20b', 'x'.repeat(65)]) {
      const answer = await admin.patch(`/v1/companies/${id}`).send({ name: 'Boreal' }).expect(404);
      expect(codeOf(answer)).to.equal('company-not-found');
    }
  });

  it('takes ids only that are safe in paths and in names', async () => {
    const { admin } = api();
    for (const id of ['1', 'a.b_c~d-e', 'A'.repeat(64)])
      await admin.post('/v1/companies').send({ id, name: 'Aurora' }).expect(201);
    for (const id of ['', '.', '..', '-a', 'a/b', 'a b', 'ação', 'a\n', 'A'.repeat(65), 7]) {
      const refused = await admin.post('/v1/companies').send({ id, name: 'Aurora' }).expect(422);
      const { errors } = refused.body as {
        readonly errors: readonly { readonly pointer: string }[];
      };
      expect(errors[0]?.pointer, String(id)).to.equal('/id');
    }
  });

  it('takes no nameless company, and no field that it does not know', async () => {
    const { admin } = api();
    for (const body of [{ id: 'a' }, { id: 'a', name: '' }, { id: 'a', name: '  ' }])
      await admin.post('/v1/companies').send(body).expect(422);
    await admin
      .post('/v1/companies')
      .send({ ...aurora, city: 'Recife' })
      .expect(422);
  });

  it('is for administrators', async () => {
    const { as, anybody } = api();
    await anybody.post('/v1/companies').send(aurora).expect(401);
    for (const role of ['analyst', 'partner', 'operator', 'auditor'] as const) {
      await as(role).post('/v1/companies').send(aurora).expect(403);
      await as(role).patch('/v1/companies/aurora').send({ name: 'Boreal' }).expect(403);
    }
  });
});

describe('Whether a company exists', () => {
  it('is known from the moment it is opened, though it was asked before', async () => {
    const { admin, exists } = api();
    const id = 'aurora' as CompanyId;
    expect(await exists(id)).to.equal(false);
    await admin.post('/v1/companies').send(aurora).expect(201);
    expect(await exists(id)).to.equal(true);
    expect(await exists('boreal' as CompanyId)).to.equal(false);
  });
});
