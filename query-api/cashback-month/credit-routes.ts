import { CREDIT_STATUSES, CreditUnit } from '#shared/cashback-month/credit.ts';
import { resellerMonthsView } from '#shared/cashback-month/view.ts';
import { ResellerId } from '#shared/ids.ts';
import { Month } from '#shared/kernel/calendar.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { csvText } from '#shared/platform/csv.ts';
import { PERSONAL_DATA } from '#shared/platform/http/caller.ts';
import { cursorOf, listOf, listParameters } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { resellersView } from '#shared/reseller/view.ts';
import {
  allCredits,
  creditsOf,
  resellersAfter,
  type CreditsDeps,
  type CreditShown,
} from './credits.ts';

const CSV = 'text/csv';
const COLUMNS = [
  ...['reseller_id', 'document', 'months', 'granted', 'credit'],
  ...['difference_as_reais', 'difference_as_cents', 'status'],
];

const orNull = (schema: Parameters<typeof Type.Union>[0][number]) =>
  Type.Union([schema, Type.Null()]);

const Credit = Type.Object({
  resellerId: ResellerId,
  /** `***.509.460-**` for those who may not see it; `null` once the person was erased. */
  document: orNull(Type.String()),
  /** Those that are closed, as they were granted. */
  months: Type.Array(Type.Object({ month: Month, cashback: Type.String() })),
  granted: Type.String(),
  /** As the partner says it, in a unit that it does not document. */
  credit: Type.Union([Type.Number(), Type.String(), Type.Null()]),
  /** Theirs minus ours, in either unit. */
  difference: Type.Object({ asReais: orNull(Type.String()), asCents: orNull(Type.String()) }),
  status: oneOf(CREDIT_STATUSES),
});

const fieldsOf = ({ difference, ...one }: CreditShown) => [
  ...[one.resellerId, one.document, one.months.length, one.granted, one.credit],
  ...[difference.asReais, difference.asCents, one.status],
];

/** The first line of a CSV of credits. */
export const CREDITS_HEAD = csvText([COLUMNS]);
/** The lines of some. */
export const csvOfCredits = (credits: readonly CreditShown[]): string =>
  csvText(credits.map(fieldsOf));

const csvPieces = async function* (chunks: AsyncIterable<readonly CreditShown[]>) {
  yield CREDITS_HEAD;
  for await (const credits of chunks) yield csvOfCredits(credits);
};

const place = cursorOf(Type.Object({ resellerId: ResellerId }));

/** Closed months against the balance that the partner keeps. */
export const creditRoutes = (deps: CreditsDeps): Route[] => [
  route({
    method: 'get',
    path: '/v1/cashback-months/credits',
    summary: 'What each reseller was granted, against what the partner says is accumulated',
    access: ['operator', 'analyst', 'auditor'],
    query: { ...listParameters, unit: Type.Optional(CreditUnit) },
    alsoAs: [CSV],
    reads: [resellersView, resellerMonthsView],
    answers: { 200: listOf(Credit) },
    refusals: {},
    handle: async ({ query: { limit, cursor, unit }, caller, wants }) => {
      const wanted = { unit, seesPeople: caller.scopes.has(PERSONAL_DATA) };
      if (wants === CSV) {
        const pieces = csvPieces(allCredits(deps, wanted));
        return { status: 200, stream: { type: CSV, pieces } };
      }
      const found = await resellersAfter(deps, place.read(cursor)?.resellerId, limit + 1);
      const items = await creditsOf(deps, found.slice(0, limit), wanted);
      const last = found.length > limit ? items.at(-1) : undefined;
      const nextCursor = last ? place.write({ resellerId: last.resellerId as ResellerId }) : null;
      return { status: 200, body: { items, nextCursor } };
    },
  }),
];
