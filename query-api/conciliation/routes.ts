import type { Knex } from 'knex';
import { ALL_CATEGORIES, CHANGES } from '#shared/conciliation/categories.ts';
import { reportOf } from '#shared/conciliation/report.ts';
import { conciliationsView, findingsView } from '#shared/conciliation/view.ts';
import { ConciliationId } from '#shared/ids.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { PERSONAL_DATA, type Caller } from '#shared/platform/http/caller.ts';
import { cursorOf, listOf, listParameters, page, shown } from '#shared/platform/http/query.ts';
import { route, type Answer, type Route } from '#shared/platform/http/route.ts';
import { itemsOf, type ItemsOf } from './answering.ts';
import { csvOfItems } from './csv.ts';
import { conciliationBy, conciliationsBefore } from './queries.ts';
import { periodRoutes } from './period-routes.ts';
import { Item, Report } from './schemas.ts';

const CSV = 'text/csv';
const Position = Type.String({ pattern: '^\\d{1,19}$' });
const newest = cursorOf(Type.Object({ position: Position }));
const inOrder = cursorOf(Type.Object({ line: Type.Integer({ minimum: 0 }), position: Position }));

const seesPeople = ({ scopes }: Caller) => scopes.has(PERSONAL_DATA);
const refusals = { 'conciliation-not-found': { status: 404, title: 'No such conciliation' } };
const notFound = { outcome: 'refused', reason: 'conciliation-not-found' } as const;

const asJson = async (
  items: ItemsOf,
  sees: boolean,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string },
): Promise<Answer> => {
  const found = await items.page(limit + 1, inOrder.read(cursor));
  const shownItems = await items.answered(found.slice(0, limit), sees);
  const last = found.length > limit ? found[limit - 1] : undefined;
  const nextCursor = last ? inOrder.write({ line: last.line, position: last.position }) : null;
  return { status: 200, body: { items: shownItems, nextCursor } };
};

const common = {
  method: 'get',
  access: ['operator', 'auditor'],
  reads: [conciliationsView],
} as const;

const itemsRoute = (db: Knex, keys: PersonalKeys): Route =>
  route({
    ...common,
    reads: [conciliationsView, findingsView],
    path: '/v1/conciliations/{id}/items',
    summary: 'What a conciliation found, row by row, in the order of the statement',
    thing: 'conciliation',
    params: { id: ConciliationId },
    query: {
      ...listParameters,
      category: Type.Optional(oneOf(ALL_CATEGORIES)),
      change: Type.Optional(oneOf(CHANGES)),
    },
    alsoAs: [CSV],
    answers: { 200: listOf(Item) },
    refusals,
    handle: async ({ params: { id }, query, caller, wants }) => {
      const row = await conciliationBy(db, id);
      if (!row) return notFound;
      const { category, change } = query;
      const items = await itemsOf(db, keys, row, { category, change });
      const sees = seesPeople(caller);
      if (wants !== CSV) return asJson(items, sees, query);
      return { status: 200, stream: { type: CSV, pieces: csvOfItems(items, sees) } };
    },
  });

export const conciliationRoutes = (db: Knex, keys: PersonalKeys): Route[] => {
  return [
    route({
      ...common,
      path: '/v1/conciliations',
      summary: 'Conciliations, newest first',
      query: listParameters,
      answers: { 200: listOf(Report) },
      refusals: {},
      handle: async ({ query: { limit, cursor } }) => {
        const before = newest.read(cursor)?.position;
        const rows = await conciliationsBefore(db, { limit: limit + 1, before });
        return page(rows, limit, reportOf, ({ position }) => newest.write({ position }));
      },
    }),
    route({
      ...common,
      path: '/v1/conciliations/{id}',
      summary: 'One conciliation: its report, once it has one',
      thing: 'conciliation',
      params: { id: ConciliationId },
      answers: { 200: Report },
      refusals,
      handle: async ({ params: { id } }) => {
        const row = await conciliationBy(db, id);
        return row ? shown(reportOf(row), row.revision) : notFound;
      },
    }),
    itemsRoute(db, keys),
    ...periodRoutes(db),
  ];
};
