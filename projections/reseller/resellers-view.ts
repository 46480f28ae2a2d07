import { resellerFold } from '#shared/reseller/fold.ts';
import { resellersTable, resellersView, type ResellerRow } from '#shared/reseller/view.ts';
import type { View } from '../view.ts';

type ResellersView = View<(typeof resellerFold.events)['schemas'], ResellerRow>;

export const resellers: ResellersView = {
  name: resellersView,
  version: 2,
  table: resellersTable,
  key: 'reseller_id',
  events: resellerFold.events,
  columns: (table) => {
    table.uuid('reseller_id').primary();
    table.uuid('subject_id').notNullable();
    table.text('full_name');
    table.text('cpf');
    table.text('email');
    table.timestamp('registered_at').notNullable();
    table.bigint('position').notNullable();
    table.integer('revision').notNullable();
  },
  keyOf: ({ data }) => data.resellerId,
  evolve: resellerFold.evolve,
};
