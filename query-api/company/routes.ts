import type { Knex } from 'knex';
import { companyFold } from '#shared/company/fold.ts';
import { companiesView, type CompanyRow } from '#shared/company/view.ts';
import { CompanyId } from '#shared/ids.ts';
import type { Moment, StoodAt } from '#shared/kernel/fold.ts';
import { Instant } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';
import { asOfMark, asOfParameter, foundAt, shownAt } from '#shared/platform/http/as-of.ts';
import { cursorOf, listOf, listParameters, page } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { companiesBefore, companyById } from './queries.ts';

const Company = Type.Object({
  id: CompanyId,
  name: Type.String(),
  cnpj: Type.Optional(Type.String()),
  openedAt: Instant,
});
const OneCompany = Type.Object({ ...Company.properties, ...asOfMark });

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const companyOf = ({ company_id: id, name, cnpj, opened_at }: CompanyRow) => ({
  ...{ id, name },
  ...(cnpj !== null && { cnpj }),
  openedAt: opened_at.toISOString(),
});

export const companyRoutes = (db: Knex, past: StoodAt): Route[] => {
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
      query: asOfParameter,
      answers: { 200: OneCompany },
      refusals: { 'company-not-found': { status: 404, title: 'No such company' } },
      handle: async ({ params: { id }, query: { asOf } }) => {
        const then = (moment: Moment) => past(companyFold, id, moment);
        const found = await foundAt(asOf, () => companyById(db, id), then);
        if (!found) return { outcome: 'refused', reason: 'company-not-found' };
        return shownAt(companyOf(found.row), found);
      },
    }),
  ];
};
