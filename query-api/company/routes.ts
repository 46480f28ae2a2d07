import type { Knex } from 'knex';
import { companiesView, type CompanyRow } from '#shared/company/view.ts';
import { CompanyId } from '#shared/ids.ts';
import { Instant } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';
import { cursorOf, listOf, listParameters, page, shown } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { companiesBefore, companyById } from './queries.ts';

const Company = Type.Object({
  id: CompanyId,
  name: Type.String(),
  cnpj: Type.Optional(Type.String()),
  openedAt: Instant,
});

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const companyOf = ({ company_id: id, name, cnpj, opened_at }: CompanyRow) => ({
  ...{ id, name },
  ...(cnpj !== null && { cnpj }),
  openedAt: opened_at.toISOString(),
});

export const companyRoutes = (db: Knex): Route[] => {
  const common = {
    method: 'get',
    access: ['analyst', 'operator', 'auditor'],
    reads: [companiesView],
  } as const;

  return [
    route({
      ...common,
      path: '/v1/companies',
      summary: 'Partner companies, newest first',
      query: listParameters,
      answers: { 200: listOf(Company) },
      refusals: {},
      handle: async ({ query: { limit, cursor } }) => {
        const before = place.read(cursor)?.position;
        const rows = await companiesBefore(db, { limit: limit + 1, before });
        return page(rows, limit, companyOf, ({ position }) => place.write({ position }));
      },
    }),
    route({
      ...common,
      path: '/v1/companies/{id}',
      summary: 'One partner company',
      thing: 'company',
      params: { id: CompanyId },
      answers: { 200: Company },
      refusals: { 'company-not-found': { status: 404, title: 'No such company' } },
      handle: async ({ params }) => {
        const row = await companyById(db, params.id);
        if (!row) return { outcome: 'refused', reason: 'company-not-found' };
        return shown(companyOf(row), row.revision);
      },
    }),
  ];
};
