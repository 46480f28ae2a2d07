import type { Knex } from 'knex';
import { resellerMonthsView } from '#shared/cashback-month/view.ts';
import { purchasesView, type PurchaseRow } from '#shared/purchase/view.ts';
import { resellersView } from '#shared/reseller/view.ts';
import { resellerIdOf } from '#shared/reseller/identity.ts';
import { PurchaseId } from '#shared/ids.ts';
import { Day, Month } from '#shared/kernel/calendar.ts';
import { CpfText } from '#shared/kernel/cpf.ts';
import { amountText, percentOf } from '#shared/kernel/money.ts';
import type { StoodAt } from '#shared/kernel/fold.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { asOfMark, asOfParameter, foundAt, shownAt } from '#shared/platform/http/as-of.ts';
import type { Caller } from '#shared/platform/http/caller.ts';
import { cursorOf, listOf, listParameters, page } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { allUnderstood, understoodCpf } from '#shared/platform/http/understood.ts';
import { MOST_PURCHASES, purchaseThen } from './past.ts';
import {
  isSeenBy,
  purchaseById,
  purchasesSeenBy,
  type PurchaseShown,
  type Sight,
} from './queries.ts';

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
const OnePurchase = Type.Object({ ...Purchase.properties, ...asOfMark });

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const refusals = {
  'purchase-not-found': { status: 404, title: 'No such purchase' },
  'month-too-large': {
    status: 422,
    title: 'Its month has too many purchases to be added up as it stood',
    detail: `More than ${MOST_PURCHASES}. Ask without "asOf" for the purchase as it is.`,
  },
} as const;

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

const common = {
  method: 'get',
  access: ['reseller', 'analyst'],
  reads: [purchasesView, resellerMonthsView, resellersView],
} as const;

const onePurchase = (db: Knex, past: StoodAt): Route =>
  route({
    ...common,
    path: '/v1/purchases/{id}',
    summary: 'One purchase',
    thing: 'purchase',
    params: { id: PurchaseId },
    query: asOfParameter,
    answers: { 200: OnePurchase },
    refusals,
    handle: async ({ caller, params: { id }, query: { asOf } }) => {
      const sight = sightOf(caller);
      const then = purchaseThen({ db, past }, sight, id);
      const found = await foundAt(asOf, () => purchaseById(db, id), then);
      if (found === 'too-many') return { outcome: 'refused', reason: 'month-too-large' };
      if (!found || !isSeenBy(sight, found.row))
        return { outcome: 'refused', reason: 'purchase-not-found' };
      return shownAt(purchaseFor(found.row), found);
    },
  });

export const purchaseRoutes = (db: Knex, hash: KeyedHash, past: StoodAt): Route[] => {
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
    onePurchase(db, past),
  ];
};
