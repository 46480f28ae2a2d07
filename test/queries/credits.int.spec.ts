import { expect } from 'chai';
import Papa from 'papaparse';
import supertest from 'supertest';
import { adjusted, granted } from '#shared/cashback-month/examples.ts';
import type { CashbackBalance } from '#shared/cashback-month/ports.ts';
import type { SubjectId } from '#shared/ids.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { aReseller, anotherReseller, registered as joined } from '#shared/reseller/examples.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { creditRoutes } from '../../query-api/cashback-month/credit-routes.ts';
import type { CreditShown } from '../../query-api/cashback-month/credits.ts';
import { aDatabase } from '../support/a-database.ts';
import { recording, viewsOf } from '../support/some-purchases.ts';

const PATH = '/v1/cashback-months/credits';
const bruno = '5d0b2a52-3c5e-5a0e-9d0a-0000000000c2' as SubjectId;
const ana = '52998224725';

/** January was granted with 165.00; of February, where it was put right, nothing is granted yet. */
const put = async (keys: ReturnType<typeof inMemoryKeys>) => {
  const eventStore = inMemoryEventStore({ keys });
  const { reseller, ledger } = recording(eventStore);
  await reseller(joined());
  const other = { resellerId: anotherReseller, subjectId: bruno, cpf: '15350946056' as Cpf };
  await reseller(joined(other));
  await ledger(granted());
  await ledger(adjusted());
  return eventStore;
};

describe('Closed months against the partner’s credit', () => {
  const keys = inMemoryKeys();
  const database = aDatabase(async (db) => viewsOf(db, await put(keys)));
  const asked: string[] = [];
  let credits: Readonly<Record<string, CashbackBalance>> = {};
  beforeEach(() => {
    asked.length = 0;
    credits = { [ana]: { outcome: 'known', credit: 16_500 } };
  });
  const as = (role: Role, query = '', accept = 'application/json') => {
    const balanceOf = (cpf: string): Promise<CashbackBalance> => {
      asked.push(cpf);
      return Promise.resolve(credits[cpf] ?? { outcome: 'unavailable' });
    };
    const { app } = aThingApi({ routes: creditRoutes({ db: database(), keys, balanceOf }) });
    const scope = role === 'auditor' ? '' : 'personal-data';
    const authorization = `Bearer ${tokenOf(role, { scope })}`;
    return supertest(app).get(`${PATH}${query}`).set({ authorization, accept });
  };
  const listed = async (...given: Parameters<typeof as>) => {
    const { body } = (await as(...given).expect(200)) as { readonly body: unknown };
    return body as { readonly items: readonly CreditShown[]; readonly nextCursor: string | null };
  };
  const of = (items: readonly CreditShown[], id: string) =>
    items.find(({ resellerId }) => resellerId === id);

  it('are set side by side for everybody who registered, what is not granted left out', async () => {
    const { items, nextCursor } = await listed('operator');
    expect(nextCursor).to.equal(null);
    expect(of(items, aReseller)).to.deep.equal({
      ...{ resellerId: aReseller, document: ana, granted: '165.00', credit: 16_500 },
      months: [{ month: '2026-01', cashback: '165.00' }],
      difference: { asReais: '16335.00', asCents: '0.00' },
      status: 'MATCHED',
    });
    expect(of(items, anotherReseller)).to.deep.include({
      ...{ granted: '0.00', months: [], credit: null, status: 'UNAVAILABLE' },
    });
    const inReais = await listed('analyst', '?unit=reais');
    expect(of(inReais.items, aReseller)?.status).to.equal('DIFFERENT');
  });

  it('ask the partner only about those who are shown, and show auditors nobody', async () => {
    const first = await listed('auditor', '?limit=1');
    expect(asked).to.have.length(1);
    const rest = await listed('auditor', `?limit=1&cursor=${first.nextCursor ?? ''}`);
    expect(rest.nextCursor).to.equal(null);
    expect(asked.toSorted()).to.deep.equal(['15350946056', ana]);
    const documents = [...first.items, ...rest.items].map(({ document }) => document);
    expect(documents.toSorted()).to.deep.equal(['***.509.460-**', '***.982.247-**']);
    await as('reseller').expect(403);
    await as('operator', '?unit=points').expect(422);
  });

  it('come as CSV, and say of somebody who was erased no more than what was granted', async () => {
    await keys.destroy(bruno);
    const csv = await as('operator', '', 'text/csv').expect(200);
    const { data } = Papa.parse<Record<string, string>>(csv.text.trim(), { header: true });
    const told = data.map(({ reseller_id, document, granted: sum, credit, status }) => [
      ...[reseller_id, document, sum, credit, status],
    ]);
    expect(told).to.have.deep.members([
      [aReseller, ana, '165.00', '16500', 'MATCHED'],
      [anotherReseller, '', '0.00', '', 'ERASED'],
    ]);
    expect(asked).to.deep.equal([ana]);
  });
});
