import { companyFold } from '#shared/company/fold.ts';
import { companiesTable, companiesView, type CompanyRow } from '#shared/company/view.ts';
import type { View } from '../view.ts';

type CompaniesView = View<(typeof companyFold.events)['schemas'], CompanyRow>;

export const companies: CompaniesView = {
  name: companiesView,
  version: 1,
  table: companiesTable,
  key: 'company_id',
  events: companyFold.events,
  columns: (table) => {
    table.text('company_id').primary();
    table.text('name').notNullable();
    table.text('cnpj');
    table.timestamp('opened_at').notNullable();
    table.bigint('position').notNullable().index();
    table.integer('revision').notNullable();
  },
  keyOf: ({ data }) => data.companyId,
  evolve: companyFold.evolve,
};
