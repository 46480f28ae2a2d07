import { expect } from 'chai';
import type { CompanyId } from '#shared/ids.ts';
import { companyEvents } from '#shared/company/events.ts';
import { opened } from '#shared/company/examples.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { companies } from '../../projections/company/companies-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { apply } from '../../projections/view.ts';
import { companyRoutes } from '../../query-api/company/routes.ts';
import { aDatabase } from '../support/a-database.ts';
import { pastIn } from '../support/the-past.ts';

type Item = { readonly id: string };
type Listed = { readonly items: readonly Item[]; readonly nextCursor: string | null };

describe('Companies, asked for', () => {
  const database = aDatabase(async (db) => {
    const eventStore = inMemoryEventStore();
    const open = (id: string, cnpj?: string) =>
      eventStore.append(
        `company-${id}`,
        companyEvents,
        [opened({ companyId: id as CompanyId, ...(cnpj !== undefined && { cnpj }) })],
        { expected: 'no-stream', meta },
      );
    await open('a');
    await open('b', '11222333000181');
    await open('c');
    await checkpointSchema.up(db);
    await prepareView(db, companies);
    for await (const page of eventStore.pages(companyEvents, BEGINNING))
      await db.transaction((tx) => apply(tx, companies, page.events));
  });

  const api = () => aThingApi({ routes: companyRoutes(database(), pastIn()) });
  const listed = async (query = '') =>
    (await api().as('analyst').get(`/v1/companies${query}`).expect(200)).body as Listed;
  const idsIn = ({ items }: Listed) => items.map(({ id }) => id);

  it('are listed newest first', async () => {
    const list = await listed();
    expect(idsIn(list)).to.deep.equal(['c', 'b', 'a']);
    expect(list.nextCursor).to.equal(null);
    expect(list.items[1]).to.deep.equal({
      ...{ id: 'b', name: 'Aurora', cnpj: '11222333000181' },
      openedAt: '2026-01-15T12:00:00.000Z',
    });
    expect(list.items[0]).not.to.have.property('cnpj');
  });

  it('are listed page by page, each of them once', async () => {
    const first = await listed('?limit=2');
    const second = await listed(`?limit=2&cursor=${first.nextCursor ?? ''}`);
    expect([...idsIn(first), ...idsIn(second)]).to.deep.equal(['c', 'b', 'a']);
    expect(second.nextCursor).to.equal(null);
  });

  it('are shown one by one, with the tag to change them by', async () => {
    const answer = await api().as('auditor').get('/v1/companies/b').expect(200);
    expect(answer.body).to.include({ id: 'b', cnpj: '11222333000181' });
    expect(answer.headers).to.include({ etag: '"0"' });
    const unknown = await api().as('auditor').get('/v1/companies/d').expect(404);
    expect(unknown.body).to.include({ code: 'company-not-found' });
  });

  it('are for those who work with them', async () => {
    const { as, anybody } = api();
    for (const role of ['admin', 'analyst', 'operator', 'auditor'] as const)
      await as(role).get('/v1/companies').expect(200);
    for (const role of ['partner', 'reseller', 'erp', 'customer-app'] as const)
      await as(role).get('/v1/companies').expect(403);
    await anybody.get('/v1/companies').expect(401);
  });

  it('are not asked for by what is not known of them', async () => {
    for (const query of ['?city=Recife', '?limit=0', '?limit=201', '?cursor=x'])
      await api().as('analyst').get(`/v1/companies${query}`).expect(422);
  });
});
