import type { Knex } from 'knex';
import { resellerMonthsView } from '#shared/cashback-month/view.ts';
import { purchasesView, type PurchaseRow } from '#shared/purchase/view.ts';
import { resellersView } from '#shared/reseller/view.ts';
import { resellerIdOf } from '#shared/reseller/identity.ts';
import { PurchaseId } from '#shared/ids.ts';
import { Day, Month } from '#shared/kernel/calendar.ts';
import { CpfText } from '#shared/kernel/cpf.ts';
import { amountText, percentOf } from '#shared/kernel/money.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import type { Caller } from '#shared/platform/http/caller.ts';
import { cursorOf, listOf, listParameters, page, shown } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { allUnderstood, understoodCpf } from '#shared/platform/http/understood.ts';
import { purchaseSeenBy, purchasesSeenBy, type PurchaseShown, type Sight } from './queries.ts';

const Status = oneOf(['IN_VALIDATION', 'APPROVED', 'REJECTED', 'WITHDRAWN']);

const Purchase = Type.Object({
  id: PurchaseId,
  code: Type.String(),
  amount: Type.String(),
  date: Day,
  /** That of its month; `"0"` for what is rejected or withdrawn. */
  cashbackPercent: Type.String(),
  cashbackAmount: Type.String(),
  status: Status,
});

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const sightOf = ({ role, id }: Caller): Sight =>
  role === 'reseller' ? { reseller: id } : 'everything';

const counts = (status: PurchaseRow['status']) =>
  status === 'IN_VALIDATION' || status === 'APPROVED';

const purchaseFor = (row: PurchaseShown) => {
  const amountInCents = Number(row.amount_in_cents);
  const percent = counts(row.status) ? row.percent : '0';
  return {
    id: row.purchase_id,
    code: row.code,
    amount: amountText(amountInCents),
    date: row.date,
    cashbackPercent: percent,
    cashbackAmount: amountText(percentOf(amountInCents, percent)),
    status: row.status,
  };
};

export const purchaseRoutes = (db: Knex, hash: KeyedHash): Route[] => {
  const common = {
    method: 'get',
    access: ['reseller', 'analyst'],
    reads: [purchasesView, resellerMonthsView, resellersView],
  } as const;

  const resellerWith = (cpf: string | undefined) => {
    if (cpf === undefined) return {};
    const understood = allUnderstood({ cpf: understoodCpf(cpf, '/cpf') });
    return { resellerId: resellerIdOf(hash, understood.cpf) };
  };

  return [
    route({
      ...common,
      path: '/v1/purchases',
      summary: 'Purchases, newest first; those that were withdrawn only when asked for by status',
      query: {
        ...listParameters,
        month: Type.Optional(Month),
        status: Type.Optional(Status),
        cpf: Type.Optional(CpfText),
      },
      answers: { 200: listOf(Purchase) },
      refusals: {},
      handle: async ({ caller, query: { limit, cursor, cpf, ...filter } }) => {
        const wanted = { limit: limit + 1, before: place.read(cursor)?.position };
        const found = { ...filter, ...resellerWith(cpf) };
        const rows = await purchasesSeenBy(db, sightOf(caller), found, wanted);
        return page(rows, limit, purchaseFor, ({ position }) => place.write({ position }));
      },
    }),
    route({
      ...common,
      path: '/v1/purchases/{id}',
      summary: 'One purchase',
      thing: 'purchase',
      params: { id: PurchaseId },
      answers: { 200: Purchase },
      refusals: { 'purchase-not-found': { status: 404, title: 'No such purchase' } },
      handle: async ({ caller, params }) => {
        const row = await purchaseSeenBy(db, sightOf(caller), params.id);
        if (!row) return { outcome: 'refused', reason: 'purchase-not-found' };
        return shown(purchaseFor(row), row.revision);
      },
    }),
  ];
};
