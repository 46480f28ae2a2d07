import { expect } from 'chai';
import supertest from 'supertest';
import { activationEvents } from '#shared/activation/events.ts';
import { aPartner } from '#shared/activation/examples.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { activationRoutes } from './routes.ts';

type Submitted = { readonly id: string; readonly status: string };

const api = () => {
  const eventStore = inMemoryEventStore();
  const companyExists = (id: string) => Promise.resolve(['1', '2', '3'].includes(id));
  const { app } = aThingApi({ routes: activationRoutes({ eventStore, companyExists }) });
  const as = (role: Role, claims: object = {}) =>
    supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role, claims)}`);

  return {
    partner: (companyId = '1') => as('partner', { sub: aPartner, companyId }),
    analyst: as('analyst'),
    admin: as('admin'),
    auditor: as('auditor'),
    nobody: supertest(app),
    events: async () => {
      const types: string[] = [];
      for await (const page of eventStore.pages(activationEvents, BEGINNING))
        types.push(...page.events.map(({ type }) => type));
      return types;
    },
  };
};

const submission = { customerMid: 'customer-1', customerEmail: 'ana@example.com' };

describe('The activation API', () => {
  const pending = async (callers: ReturnType<typeof api>, body: object = submission) => {
    const made = await callers.partner().post('/v1/activations').send(body).expect(201);
    return made.body as Submitted;
  };
  const codeOf = ({ body }: { readonly body: unknown }) => (body as { readonly code: string }).code;

  it('accepts a submission for the caller’s own company', async () => {
    const callers = api();
    const asked = callers.partner('2').post('/v1/activations').send(submission);
    const made = await asked.expect(201);
    const { id } = made.body as Submitted;
    const said = { customerMid: 'customer-1', product: 'direct-debit' };
    expect(made.body).to.deep.equal({ id, status: 'PENDING', companyId: '2', ...said });
    expect(made.headers).to.include({ location: `/v1/activations/${id}`, etag: '"0"' });
    expect(made.headers).to.have.property('log-position').that.matches(/^\d+$/);
  });

  it('sends it to another company when the caller says so, if there is one', async () => {
    const callers = api();
    expect(await pending(callers, { ...submission, companyId: '3' })).to.include({
      companyId: '3',
    });
    const nowhere = { ...submission, companyId: '31' };
    const refused = await callers.partner().post('/v1/activations').send(nowhere).expect(404);
    expect(codeOf(refused)).to.equal('company-not-found');
  });

  it('asks a caller without a company where to send it', async () => {
    const refused = await api().admin.post('/v1/activations').send(submission).expect(422);
    expect(refused.body).to.have.nested.property('errors[0].pointer', '/companyId');
  });

  it('has one request pending for each company, customer and product', async () => {
    const callers = api();
    const first = await pending(callers);
    const again = await callers.partner().post('/v1/activations').send(submission).expect(409);
    expect(codeOf(again)).to.equal('activation-already-pending');
    for (const other of [{ customerMid: 'customer-2' }, { product: 'card' }, { companyId: '2' }])
      await pending(callers, { ...submission, ...other });

    await callers.analyst.post(`/v1/activations/${first.id}/approve`).expect(200);
    const next = await pending(callers);
    expect(next.id).to.not.equal(first.id);
  });

  it('makes one of fifty requests that come at the same moment', async () => {
    const callers = api();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => callers.partner().post('/v1/activations').send(submission)),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).to.have.length(1);
    expect(statuses.filter((status) => status === 409)).to.have.length(49);
    expect(await callers.events()).to.deep.equal(['ActivationSubmitted']);
  });

  it('answers a repeated submission as at first, whatever happened since', async () => {
    const callers = api();
    const submit = (body: object = submission) =>
      callers.partner().post('/v1/activations').set('Idempotency-Key', 'k').send(body);
    const first = await submit().expect(201);
    const { id } = first.body as Submitted;
    await callers.analyst.post(`/v1/activations/${id}/approve`).expect(200);
    await pending(callers);

    const again = await submit().expect(201);
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers).to.include({
      'idempotent-replayed': 'true',
      etag: first.headers['etag'],
      'log-position': first.headers['log-position'],
    });
    expect(codeOf(await submit({ ...submission, customerMid: 'other' }).expect(422))).to.equal(
      'idempotency-key-reused',
    );
    expect(await callers.events()).to.have.length(3);
  });

  it('decides once; the same verdict again is no news, another comes too late', async () => {
    const callers = api();
    const { id } = await pending(callers);
    const reject = () =>
      callers.analyst.post(`/v1/activations/${id}/reject`).send({ reason: 'No contract' });
    expect((await reject().expect(200)).body).to.deep.equal({ id, status: 'REJECTED' });
    expect((await reject().expect(200)).headers).to.include({ etag: '"1"' });
    const late = await callers.analyst.post(`/v1/activations/${id}/approve`).expect(409);
    expect(codeOf(late)).to.equal('activation-already-decided');
    expect(await callers.events()).to.deep.equal(['ActivationSubmitted', 'ActivationRejected']);
  });

  it('wants a reason for a rejection', async () => {
    const callers = api();
    const { id } = await pending(callers);
    for (const body of [{}, { reason: '' }, { reason: 1 }, { reason: 'x', by: 'me' }])
      await callers.analyst.post(`/v1/activations/${id}/reject`).send(body).expect(422);
    expect(await callers.events()).to.have.length(1);
  });

  it('lets the company that asked take it back, and nobody else', async () => {
    const callers = api();
    const { id } = await pending(callers, { ...submission, companyId: '2' });
    const cancel = (companyId: string) =>
      callers.partner(companyId).post(`/v1/activations/${id}/cancel`);
    await cancel('3').expect(404);
    await cancel('2').expect(403);
    expect((await cancel('1').expect(200)).body).to.deep.equal({ id, status: 'CANCELLED' });
  });

  it('does not decide for a caller who saw something older', async () => {
    const callers = api();
    const { id } = await pending(callers);
    const approve = (tag: string) =>
      callers.analyst.post(`/v1/activations/${id}/approve`).set('If-Match', tag);
    expect(codeOf(await approve('"7"').expect(412))).to.equal('stale-revision');
    await approve('"0"').expect(200);
  });

  it('knows who may do what before it looks at what they send', async () => {
    const callers = api();
    await callers.nobody.post('/v1/activations').send('{').expect(401);
    await callers.auditor.post('/v1/activations').type('json').send('{').expect(403);
    await callers.analyst.post('/v1/activations').send(submission).expect(403);
    await callers.partner().post('/v1/activations/1/approve').expect(403);
  });

  it('knows nothing of an activation that is not there', async () => {
    const { analyst } = api();
    for (const id of ['1', '5d0b2a52-3c5e-5a0e-9d0a-000000000009'])
      expect(codeOf(await analyst.post(`/v1/activations/${id}/approve`).expect(404))).to.equal(
        'activation-not-found',
      );
  });

  it('points at everything that is wrong with a submission', async () => {
    const body = { customerMid: '', customerEmail: 'ana', 'c/pf': 1 };
    const answer = await api().partner().post('/v1/activations').send(body).expect(422);
    const { errors } = answer.body as { readonly errors: readonly { readonly pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer)).to.have.members([
      '/customerMid',
      '/customerEmail',
      '/c~1pf',
    ]);
  });
});
