import { saleFold } from '#shared/sale/fold.ts';
import { salesTable, salesView, type SaleRow } from '#shared/sale/view.ts';
import type { View } from '../view.ts';

type SalesView = View<(typeof saleFold.events)['schemas'], SaleRow>;

export const sales: SalesView = {
  name: salesView,
  version: 1,
  table: salesTable,
  key: 'sale_id',
  events: saleFold.events,
  columns: (table) => {
    table.uuid('sale_id').primary();
    table.text('status').notNullable();
    table.uuid('received_from').notNullable();
    table.uuid('subject_id').notNullable();
    table.text('document');
    table.text('name');
    table.text('errors');
    table.json('received').notNullable();
    table.integer('received_parts').notNullable();
    table.json('reasons').notNullable();
    table.json('warnings').notNullable();
    table.timestamp('sold_at');
    table.text('sold_on').notNullable();
    table.bigint('total');
    table.bigint('cashback').notNullable();
    table.text('rule_set');
    table.json('lines').notNullable();
    table.json('calculated').notNullable();
    table.integer('weight').notNullable();
    table.text('partner_id');
    table.json('attempts').notNullable();
    table.timestamp('received_at').notNullable();
    table.bigint('position').notNullable();
    table.integer('revision').notNullable();
    table.index(['position']);
    table.index(['status', 'position']);
    table.index(['received_from', 'position']);
    table.index(['subject_id', 'position']);
    table.index(['sold_on', 'position']);
  },
  keyOf: ({ data }) => data.saleId,
  evolve: saleFold.evolve,
};
