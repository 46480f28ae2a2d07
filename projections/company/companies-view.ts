import { companyEvents } from '#shared/company/events.ts';
import { companiesTable, companiesView, type CompanyRow } from '#shared/company/view.ts';
import type { View } from '../view.ts';

type CompaniesView = View<(typeof companyEvents)['schemas'], CompanyRow>;

const evolve: CompaniesView['evolve'] = (row, { type, data, revision: at, position }) => {
  const revision = Number(at);
  switch (type) {
    case 'CompanyOpened':
      return {
        company_id: data.companyId,
        name: data.name,
        cnpj: data.cnpj ?? null,
        opened_at: new Date(data.at),
        position: String(position),
        revision,
      };
    case 'CompanyRenamed':
      return row && { ...row, name: data.name, revision };
    case 'CompanyCnpjChanged':
      return row && { ...row, cnpj: data.cnpj, revision };
  }
};

export const companies: CompaniesView = {
  name: companiesView,
  version: 1,
  table: companiesTable,
  key: 'company_id',
  events: companyEvents,
  columns: (table) => {
    table.text('company_id').primary();
    table.text('name').notNullable();
    table.text('cnpj');
    table.timestamp('opened_at').notNullable();
    table.bigint('position').notNullable().index();
    table.integer('revision').notNullable();
  },
  keyOf: ({ data }) => data.companyId,
  evolve,
};
