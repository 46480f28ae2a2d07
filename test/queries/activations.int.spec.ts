import { expect } from 'chai';
import supertest from 'supertest';
import { prepareView } from '../../projections/view-follower.ts';
import { apply } from '../../projections/view.ts';
import { activations } from '../../projections/activation/activations-view.ts';
import { activationEvents, type ActivationEvent } from '#shared/activation/events.ts';
import {
  aCompany,
  anActivation,
  anotherActivation,
  anotherCompany,
  aPartner,
  approved,
  rejected,
  submitted,
} from '#shared/activation/examples.ts';
import type { ActivationId, CompanyId, CustomerMid, SubjectId } from '#shared/ids.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { aDatabase } from '../support/a-database.ts';
import { pastIn } from '../support/the-past.ts';
import { activationRoutes } from '../../query-api/activation/routes.ts';

type Listed = { readonly items: readonly Item[]; readonly nextCursor: string | null };
type Item = Readonly<Record<string, unknown>> & { readonly id: string };

const keys = inMemoryKeys();
const aThird = '5d0b2a52-3c5e-5a0e-9d0a-000000000003' as ActivationId;
const aBystander = '5d0b2a52-3c5e-5a0e-9d0a-000000000004' as ActivationId;
const bruno = '5d0b2a52-3c5e-5a0e-9d0a-0000000000c2' as SubjectId;
const aThirdCompany = '3' as CompanyId;

/** One for the first company, one that it asked of the second, one the second asked of it, one of others. */
const histories: readonly (readonly ActivationEvent[])[] = [
  [submitted(), approved()],
  [
    submitted({
      activationId: anotherActivation,
      companyId: anotherCompany,
      customerMid: 'customer-2' as CustomerMid,
      subjectId: bruno,
      customerEmail: 'bruno@example.com',
    }),
  ],
  [
    submitted({
      activationId: aThird,
      requestedBy: { userId: aPartner, companyId: anotherCompany },
      customerMid: 'customer-3' as CustomerMid,
    }),
    rejected({ activationId: aThird }),
  ],
  [
    submitted({
      activationId: aBystander,
      companyId: aThirdCompany,
      requestedBy: { userId: aPartner, companyId: aThirdCompany },
    }),
  ],
];

describe('Activations, asked for', () => {
  const eventStore = inMemoryEventStore({ keys });
  const database = aDatabase(async (db) => {
    for (const events of histories)
      await eventStore.append(
        `activation-${events[0]?.data.activationId ?? ''}`,
        activationEvents,
        events,
        { expected: 'no-stream', meta },
      );
    await checkpointSchema.up(db);
    await prepareView(db, activations);
    for await (const page of eventStore.pages(activationEvents, BEGINNING))
      await db.transaction((tx) => apply(tx, activations, page.events));
  });

  const as = (role: Role, claims: object = {}) => {
    const { app } = aThingApi({ routes: activationRoutes(database(), keys, pastIn(eventStore)) });
    return supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role, claims)}`);
  };
  const partner = (companyId: CompanyId) => as('partner', { companyId });
  const listed = async (caller: ReturnType<typeof as>, query = '') =>
    (await caller.get(`/v1/activations${query}`).expect(200)).body as Listed;
  const idsIn = ({ items }: Listed) => items.map(({ id }) => id);

  it('are those that a company made or is the destination of, newest first', async () => {
    const own = [aThird, anotherActivation, anActivation];
    expect(idsIn(await listed(partner(aCompany)))).to.deep.equal(own);
    expect(idsIn(await listed(partner(anotherCompany)))).to.deep.equal([aThird, anotherActivation]);
  });

  it('are all of them for analysts and auditors', async () => {
    for (const role of ['analyst', 'auditor', 'admin'] as const)
      expect(idsIn(await listed(as(role)))).to.have.length(4);
  });

  it('show everything about one, and the tag to send back', async () => {
    const analyst = as('analyst', { scope: 'personal-data' });
    const answer = await analyst.get(`/v1/activations/${aThird}`).expect(200);
    expect(answer.body).to.deep.equal({
      id: aThird,
      status: 'REJECTED',
      companyId: '1',
      requestedBy: { userId: aPartner, companyId: '2' },
      customerMid: 'customer-3',
      customerEmail: 'ana@example.com',
      product: 'direct-debit',
      reason: 'No contract',
      submittedAt: '2026-01-15T12:00:00.000Z',
      decidedAt: '2026-01-15T12:00:00.000Z',
      decidedBy: '5d0b2a52-3c5e-5a0e-9d0a-0000000000b1',
    });
    expect(answer.headers).to.include({ etag: '"1"' });
  });

  it('do not exist for a company that has nothing to do with them', async () => {
    await partner(aThirdCompany).get(`/v1/activations/${anActivation}`).expect(404);
    await partner(aCompany).get(`/v1/activations/${aBystander}`).expect(404);
    await as('analyst').get('/v1/activations/1').expect(404);
  });

  it('are filtered by status, company and customer', async () => {
    const found = async (query: string) => idsIn(await listed(as('analyst'), query));
    expect(await found('?status=PENDING')).to.deep.equal([aBystander, anotherActivation]);
    expect(await found('?companyId=2')).to.deep.equal([anotherActivation]);
    expect(await found('?customerMid=customer-3&status=REJECTED')).to.deep.equal([aThird]);
    expect(await found('?customerMid=customer-3&status=PENDING')).to.deep.equal([]);
    const own = await listed(partner(aCompany), '?companyId=2');
    expect(idsIn(own)).to.deep.equal([anotherActivation]);
    await as('analyst').get('/v1/activations?product=x').expect(422);
  });

  it('come page by page, and none is shown twice or left out', async () => {
    const first = await listed(partner(aCompany), '?limit=2');
    expect(idsIn(first)).to.deep.equal([aThird, anotherActivation]);
    const rest = await listed(partner(aCompany), `?limit=2&cursor=${first.nextCursor ?? ''}`);
    expect(idsIn(rest)).to.deep.equal([anActivation]);
    expect(rest.nextCursor).to.equal(null);
  });

  it('name the customer to those who may know, and only hint to an auditor', async () => {
    const emails = async (caller: ReturnType<typeof as>) =>
      (await listed(caller, '?companyId=2')).items.map(({ customerEmail }) => customerEmail);
    expect(await emails(partner(aCompany))).to.deep.equal(['bruno@example.com']);
    expect(await emails(as('analyst', { scope: 'personal-data' }))).to.deep.equal([
      'bruno@example.com',
    ]);
    expect(await emails(as('auditor'))).to.deep.equal(['b***@example.com']);
  });

  it('stand sealed in the table, and name nobody who was erased', async () => {
    const { rows } = await database().raw<{ rows: object[] }>('select * from activations_view');
    expect(JSON.stringify(rows)).to.not.include('@example.com');
    await keys.destroy(bruno);
    const answer = await partner(anotherCompany)
      .get(`/v1/activations/${anotherActivation}`)
      .expect(200);
    expect(answer.body).to.include({ customerEmail: null, customerMid: 'customer-2' });
  });

  it('are for those who sign in and may see them', async () => {
    const { app } = aThingApi({ routes: activationRoutes(database(), keys, pastIn(eventStore)) });
    await supertest(app).get('/v1/activations').expect(401);
    await as('erp').get('/v1/activations').expect(403);
  });
});
