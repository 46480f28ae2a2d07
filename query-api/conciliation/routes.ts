import type { Knex } from 'knex';
import { ALL_CATEGORIES, SOURCES } from '#shared/conciliation/categories.ts';
import { reportOf } from '#shared/conciliation/report.ts';
import { conciliationsView, type ConciliationRow } from '#shared/conciliation/view.ts';
import { ConciliationId } from '#shared/ids.ts';
import { Instant } from '#shared/kernel/message.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { PERSONAL_DATA, type Caller } from '#shared/platform/http/caller.ts';
import { cursorOf, listOf, listParameters, page, shown } from '#shared/platform/http/query.ts';
import { route, type Answer, type Route } from '#shared/platform/http/route.ts';
import { allItems, conciliationBy, conciliationsBefore, itemsAfter } from './queries.ts';
import { csvOfItems, showItems } from './showing.ts';

const CSV = 'text/csv';
const Money = Type.String({ examples: ['14.00'] });
const orNull = (schema: Parameters<typeof Type.Union>[0][number]) =>
  Type.Union([schema, Type.Null()]);
const Text = orNull(Type.String());

const Side = Type.Object({ rows: Type.Integer(), amount: Money });
const Report = Type.Object({
  id: ConciliationId,
  status: oneOf(['RUNNING', 'COMPLETED', 'FAILED']),
  source: oneOf(SOURCES),
  period: Type.Object({ from: Type.String(), to: Type.String() }),
  /** Up to where the log was read. */
  asOf: Type.Object({ position: Type.String(), at: Instant }),
  statement: Type.Object({
    sha256: Type.String(),
    rows: Type.Integer(),
    unreadable: Type.Integer(),
  }),
  ruleSets: Type.Array(Type.String()),
  /** `null`, as is what follows, as long as there is no report. */
  categories: orNull(
    Type.Record(
      Type.String(),
      Type.Object({
        ...{ ourRows: Type.Integer(), theirRows: Type.Integer() },
        ...{ ours: Money, theirs: Money, difference: Money },
      }),
    ),
  ),
  balance: orNull(Type.Object({ ours: Side, theirs: Side, holds: Type.Literal(true) })),
  matchRate: orNull(Type.Object({ byRows: Type.String(), byAmount: Type.String() })),
  oldestOpen: Text,
  preparedBy: Type.String(),
  startedAt: Instant,
  finishedAt: orNull(Instant),
  failure: Type.Optional(Type.String()),
});

const Item = Type.Object({
  id: Type.String(),
  category: oneOf(ALL_CATEGORIES),
  reason: Type.String(),
  /** `***.509.460-**` for those who may not see it; `null` once the person was erased. */
  document: Text,
  ours: orNull(
    Type.Object({
      ...{ saleId: Type.String(), partnerId: Text, document: Text, amount: orNull(Money) },
      ...{ day: Text, status: Text, attempts: orNull(Type.Integer()), stream: Type.String() },
    }),
  ),
  theirs: orNull(
    Type.Object({
      ...{ line: Type.Integer(), id: Text, document: Text, amount: orNull(Money), at: Text },
    }),
  ),
  difference: Money,
});

const Position = Type.String({ pattern: '^\\d{1,19}$' });
const newest = cursorOf(Type.Object({ position: Position }));
const inOrder = cursorOf(Type.Object({ line: Type.Integer({ minimum: 0 }), position: Position }));

const seesPeople = ({ scopes }: Caller) => scopes.has(PERSONAL_DATA);
const refusals = { 'conciliation-not-found': { status: 404, title: 'No such conciliation' } };
const notFound = { outcome: 'refused', reason: 'conciliation-not-found' } as const;

type Wanted = { readonly limit: number; readonly cursor?: string; readonly category?: string };

export const conciliationRoutes = (db: Knex, keys: PersonalKeys): Route[] => {
  const common = {
    method: 'get',
    access: ['operator', 'auditor'],
    reads: [conciliationsView],
  } as const;

  /** What has not come to a report has nothing to show, whatever it has found so far. */
  const csv = (row: ConciliationRow, sees: boolean, category?: string): Answer => {
    const none = (async function* () {
      yield* await Promise.resolve([]);
    })();
    const items = row.status === 'COMPLETED' ? allItems(db, row, category) : none;
    return { status: 200, stream: { type: CSV, pieces: csvOfItems(keys, items, sees) } };
  };
  const json = async (
    row: ConciliationRow,
    sees: boolean,
    { limit, cursor, category }: Wanted,
  ): Promise<Answer> => {
    const after = inOrder.read(cursor);
    const wanted = { limit: limit + 1, after, category };
    const found = row.status === 'COMPLETED' ? await itemsAfter(db, row, wanted) : [];
    const items = await showItems(keys, found.slice(0, limit), sees);
    const last = found.length > limit ? found[limit - 1] : undefined;
    const nextCursor = last ? inOrder.write({ line: last.line, position: last.position }) : null;
    return { status: 200, body: { items, nextCursor } };
  };

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
    route({
      ...common,
      path: '/v1/conciliations/{id}/items',
      summary: 'What a conciliation found, row by row, in the order of the statement',
      thing: 'conciliation',
      params: { id: ConciliationId },
      query: { ...listParameters, category: Type.Optional(oneOf(ALL_CATEGORIES)) },
      alsoAs: [CSV],
      answers: { 200: listOf(Item) },
      refusals,
      handle: async ({ params: { id }, query, caller, wants }) => {
        const row = await conciliationBy(db, id);
        if (!row) return notFound;
        const sees = seesPeople(caller);
        return wants === CSV ? csv(row, sees, query.category) : json(row, sees, query);
      },
    }),
  ];
};
