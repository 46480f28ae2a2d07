import { resellerEvents } from '#shared/reseller/events.ts';
import { resellersTable, resellersView, type ResellerRow } from '#shared/reseller/view.ts';
import type { View } from '../view.ts';

type ResellersView = View<(typeof resellerEvents)['schemas'], ResellerRow>;

const evolve: ResellersView['evolve'] = (_row, { type, data, position, revision }) => {
  switch (type) {
    case 'ResellerRegistered':
      return {
        reseller_id: data.resellerId,
        subject_id: data.subjectId,
        full_name: data.fullName,
        cpf: data.cpf,
        email: data.email,
        registered_at: new Date(data.at),
        position: String(position),
        revision: Number(revision),
      };
    case 'ResellerErased':
      return undefined;
  }
};

export const resellers: ResellersView = {
  name: resellersView,
  version: 2,
  table: resellersTable,
  key: 'reseller_id',
  events: resellerEvents,
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
  evolve,
};
