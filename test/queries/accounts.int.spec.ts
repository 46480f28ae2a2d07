import { expect } from 'chai';
import { accountEvents, type AccountEvent } from '#shared/account/events.ts';
import { disabled, opened } from '#shared/account/examples.ts';
import type { AccountId, CompanyId, SubjectId } from '#shared/ids.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { accounts } from '../../projections/account/accounts-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { apply } from '../../projections/view.ts';
import { accountRoutes } from '../../query-api/account/routes.ts';
import { aDatabase } from '../support/a-database.ts';
import { pastIn } from '../support/the-past.ts';

type Item = { readonly id: string; readonly username: string | null };
type Listed = { readonly items: readonly Item[]; readonly nextCursor: string | null };

const keys = inMemoryKeys();
const idOf = (nth: number) => `5d0b2a52-3c5e-5a0e-9d0a-0000000000a${nth}` as AccountId;
const subjectOf = (nth: number) => `5d0b2a52-3c5e-5a0e-9d0a-0000000000c${nth}` as SubjectId;

const account = (nth: number, username: string, more: Parameters<typeof opened>[0] = {}) => {
  const event = opened(more);
  return {
    type: 'AccountOpened',
    data: { ...event.data, accountId: idOf(nth), subjectId: subjectOf(nth), username },
  } as AccountEvent;
};

/** An analyst, a partner who was disabled, a partner of another company, and one who was erased. */
const histories: readonly (readonly AccountEvent[])[] = [
  [account(1, 'ana')],
  [
    account(2, 'bia', { role: 'partner', companyId: '1' as CompanyId }),
    { type: 'AccountDisabled', data: { ...disabled().data, accountId: idOf(2) } },
  ],
  [account(3, 'eva', { role: 'partner', companyId: '2' as CompanyId })],
  [account(4, 'gil', { role: 'auditor' })],
];

describe('Accounts, asked for', () => {
  const database = aDatabase(async (db) => {
    const eventStore = inMemoryEventStore({ keys });
    for (const [index, events] of histories.entries())
      await eventStore.append(`account-${idOf(index + 1)}`, accountEvents, events, {
        expected: 'no-stream',
        meta,
      });
    await keys.destroy(subjectOf(4));
    await checkpointSchema.up(db);
    await prepareView(db, accounts);
    for await (const page of eventStore.pages(accountEvents, BEGINNING))
      await db.transaction((tx) => apply(tx, accounts, page.events));
  });

  const api = () => aThingApi({ routes: accountRoutes(database(), keys, pastIn()) });
  const listed = async (query = '') =>
    (await api().as('admin').get(`/v1/accounts${query}`).expect(200)).body as Listed;
  const idsIn = ({ items }: Listed) => items.map(({ id }) => id);

  it('are listed newest first, by the names they have', async () => {
    const { items } = await listed();
    expect(items.map(({ username }) => username)).to.deep.equal([null, 'eva', 'bia', 'ana']);
    expect(items[2]).to.deep.equal({
      ...{ id: idOf(2), username: 'bia', role: 'partner', companyId: '1', disabled: true },
      openedAt: '2026-01-15T12:00:00.000Z',
    });
    expect(items[3]).to.include({ disabled: false }).and.not.to.have.property('companyId');
  });

  it('are kept sealed in the database', async () => {
    const kept: unknown[] = await database()('accounts_view').pluck('username');
    for (const username of kept) expect(username).to.match(/^sealed:/);
  });

  it('are found by role and by company', async () => {
    expect(idsIn(await listed('?role=partner'))).to.deep.equal([idOf(3), idOf(2)]);
    expect(idsIn(await listed('?companyId=1'))).to.deep.equal([idOf(2)]);
    expect(idsIn(await listed('?role=analyst&companyId=1'))).to.deep.equal([]);
  });

  it('are listed page by page, each of them once', async () => {
    const first = await listed('?limit=3');
    const second = await listed(`?limit=3&cursor=${first.nextCursor ?? ''}`);
    expect([...idsIn(first), ...idsIn(second)]).to.deep.equal([4, 3, 2, 1].map(idOf));
    expect(second.nextCursor).to.equal(null);
  });

  it('are shown one by one, with the tag to change them by', async () => {
    const answer = await api()
      .as('admin')
      .get(`/v1/accounts/${idOf(2)}`)
      .expect(200);
    expect(answer.body).to.include({ username: 'bia', disabled: true });
    expect(answer.headers).to.include({ etag: '"1"' });
    const unknown = await api()
      .as('admin')
      .get(`/v1/accounts/${idOf(9)}`)
      .expect(404);
    expect(unknown.body).to.include({ code: 'account-not-found' });
  });

  it('are for administrators', async () => {
    const { as, anybody } = api();
    for (const role of ['analyst', 'operator', 'auditor', 'partner'] as const) {
      await as(role).get('/v1/accounts').expect(403);
      await as(role)
        .get(`/v1/accounts/${idOf(1)}`)
        .expect(403);
    }
    await anybody.get('/v1/accounts').expect(401);
  });

  it('are not asked for by what is not known of them', async () => {
    for (const query of ['?username=ana', '?role=king', '?cursor=x'])
      await api().as('admin').get(`/v1/accounts${query}`).expect(422);
  });
});
