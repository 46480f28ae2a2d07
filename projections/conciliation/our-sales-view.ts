import type { Recorded } from '#shared/kernel/event-store.ts';
import type { Named } from '#shared/kernel/message.ts';
import {
  ourSalesTable,
  ourSalesView,
  type OurSaleRow,
  type OurStatus,
} from '#shared/conciliation/view.ts';
import { saleEvents, type SaleEvent } from '#shared/sale/events.ts';
import type { View } from '../view.ts';

type OurSalesView = View<(typeof saleEvents)['schemas'], OurSaleRow>;
type Of<Type extends SaleEvent['type']> = Recorded<Named<SaleEvent, Type>>;
type Stands = Pick<OurSaleRow, 'status' | 'partner_id' | 'attempts'>;

const begun = (
  { data, position }: Of<'SaleReceived'> | Of<'SaleRefused'>,
  status: OurStatus,
  document: string | null,
): OurSaleRow => ({
  sale_id: data.saleId,
  subject_id: data.subjectId,
  sold_on: data.soldOn,
  sold_at: data.soldAt === undefined ? null : new Date(data.soldAt),
  total: data.totalInCents === undefined ? null : String(data.totalInCents),
  ...{ cashback: '0', rule_set: null, document, status, partner_id: null, attempts: 0 },
  ...{ received_position: String(position), position: String(position), earlier: [] },
});

/** From how it stood to how it stands; what it was before is kept. */
const standing = (row: OurSaleRow, { position }: Recorded, now: Partial<Stands>): OurSaleRow => ({
  ...row,
  ...now,
  position: String(position),
  earlier: [...row.earlier, [row.position, row.status, row.partner_id, row.attempts]],
});

const isOpen = ({ status, attempts }: OurSaleRow, attempt: number) =>
  status === 'CALCULATED' && attempt === attempts;

type Changes = {
  readonly [Type in SaleEvent['type']]: (row: OurSaleRow, event: Of<Type>) => OurSaleRow;
};

const asItWas = (row: OurSaleRow): OurSaleRow => row;

const changes: Omit<Changes, 'SaleReceived' | 'SaleRefused'> = {
  SaleRefusalContinued: asItWas,
  CashbackForwardFailed: asItWas,
  // Written in one piece with the receipt: no position lies between the two.
  CashbackCalculated: (row, { data: { cashbackInCents, ruleSet } }) => ({
    ...row,
    cashback: String(cashbackInCents),
    rule_set: ruleSet,
  }),
  CashbackForwardAttempted: (row, event) =>
    standing(row, event, { status: 'CALCULATED', attempts: row.attempts + 1 }),
  CashbackAccepted: (row, event) =>
    standing(row, event, { status: 'ACCEPTED', partner_id: event.data.partnerId ?? null }),
  CashbackForwardUncertain: (row, event) =>
    isOpen(row, event.data.attempt) ? standing(row, event, { status: 'UNCERTAIN' }) : row,
  CashbackForwardGivenUp: (row, event) => standing(row, event, { status: 'FAILED' }),
  SaleResendRequested: (row, event) => standing(row, event, { status: 'CALCULATED' }),
  SaleSettled: (row, event) => {
    const { outcome, partnerId } = event.data;
    return standing(row, event, { status: outcome, partner_id: partnerId ?? null });
  },
};

const evolve: OurSalesView['evolve'] = (row, event) => {
  if (event.type === 'SaleReceived') return begun(event, 'CALCULATED', event.data.document);
  if (event.type === 'SaleRefused') return begun(event, 'REFUSED', null);
  // The name and the data of one event belong together; the compiler sees them one by one.
  const change = changes[event.type] as (row: OurSaleRow, event: Recorded) => OurSaleRow;
  return row && change(row, event);
};

/** Our side, as it stood at any position of the log: what a conciliation reads. */
export const ourSales: OurSalesView = {
  name: ourSalesView,
  version: 1,
  table: ourSalesTable,
  key: 'sale_id',
  events: saleEvents,
  columns: (table) => {
    table.uuid('sale_id').primary();
    table.uuid('subject_id').notNullable().index();
    table.text('sold_on').notNullable().index();
    table.timestamp('sold_at');
    table.bigint('total');
    table.bigint('cashback').notNullable();
    table.text('rule_set');
    table.text('document');
    table.bigint('received_position').notNullable();
    table.bigint('position').notNullable();
    table.text('status').notNullable();
    table.text('partner_id').index();
    table.integer('attempts').notNullable();
    table.json('earlier').notNullable();
  },
  keyOf: ({ data }) => data.saleId,
  evolve,
};
