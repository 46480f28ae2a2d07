import type { Knex } from 'knex';
import { SaleId } from '#shared/ids.ts';
import { cpfOf, CpfText } from '#shared/kernel/cpf.ts';
import type { Moment, StoodAt } from '#shared/kernel/fold.ts';
import { Instant } from '#shared/kernel/message.ts';
import { personOf } from '#shared/kernel/person.ts';
import type { KeyedHash, PersonalKeys } from '#shared/kernel/personal.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { PERSONAL_DATA, type Caller } from '#shared/platform/http/caller.ts';
import { problems, Rejected } from '#shared/platform/http/problem.ts';
import { asOfMark, asOfParameter, foundAt, shownAt } from '#shared/platform/http/as-of.ts';
import { cursorOf, listOf, listParameters } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { saleFold } from '#shared/sale/fold.ts';
import { ATTEMPT_OUTCOMES, SALE_STATUSES, salesView } from '#shared/sale/view.ts';
import { openSales } from './opening.ts';
import { isSeenBy, saleById, salesSeenBy, type Sight } from './queries.ts';
import { saleFor } from './showing.ts';

const Status = oneOf(SALE_STATUSES);
const Day = Type.String({ format: 'date' });
const Money = Type.String({ examples: ['14.00'] });
const orNothing = (schema: Parameters<typeof Type.Union>[0][number]) =>
  Type.Union([schema, Type.Null()]);

const Attempt = Type.Object({
  at: Instant,
  /** `PENDING` while it is under way. */
  outcome: oneOf(ATTEMPT_OUTCOMES),
  httpStatus: Type.Optional(Type.Integer()),
  /** What the partner answered; without it once the person was erased. */
  body: Type.Optional(Type.String()),
  error: Type.Optional(Type.String()),
});

const Line = Type.Object({
  ...{ type: Type.String(), value: Money, qty: Type.Integer() },
  ...{ percent: Type.String(), cashback: Money },
});

const Sale = Type.Object({
  id: SaleId,
  status: Status,
  /** `***.509.460-**` for those who may not see it; `null` once the person was erased. */
  document: orNothing(Type.String()),
  name: orNothing(Type.String()),
  /** Of a refused sale, as far as it could be understood. */
  soldAt: orNothing(Instant),
  total: orNothing(Money),
  cashback: Money,
  ruleSet: orNothing(Type.String()),
  lines: Type.Array(Line),
  partnerId: Type.Optional(Type.String()),
  attempts: Type.Array(Attempt),
  /** What was noticed, and is no reason to refuse it. */
  warnings: Type.Optional(Type.Array(Type.Object({ code: Type.String(), saleId: SaleId }))),
  /** Of a refused sale. */
  errors: Type.Optional(
    Type.Array(
      Type.Object({ pointer: Type.String(), code: Type.String(), message: Type.String() }),
    ),
  ),
  /** Of a refused sale: what was sent. */
  received: Type.Optional(Type.Unknown()),
});
const OneSale = Type.Object({ ...Sale.properties, ...asOfMark });

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const sightOf = ({ role, id }: Caller): Sight =>
  role === 'erp' ? { receivedFrom: id } : 'everything';

/** An ERP sees the people of its own sales, and no others come before it. */
const seesPeople = ({ role, scopes }: Caller) => role === 'erp' || scopes.has(PERSONAL_DATA);

/** @throws {Rejected} when the check digits are wrong. */
const subjectOf = (hash: KeyedHash, document: string): string => {
  const cpf = cpfOf(document);
  if (cpf !== undefined) return personOf(hash, cpf);
  const message = 'is not a valid CPF';
  throw new Rejected(problems.invalid([{ pointer: '/document', code: 'cpf', message }]));
};

const NONE = { items: [], nextCursor: null };

/** Whoever knows a CPF must not learn what was bought by somebody who was erased. */
const isErased = async (keys: PersonalKeys, { subjectId }: { readonly subjectId?: string }) =>
  subjectId !== undefined && !(await keys.find([subjectId])).has(subjectId);

const common = {
  method: 'get',
  access: ['erp', 'operator', 'auditor'],
  reads: [salesView],
} as const;

const oneSale = (db: Knex, keys: PersonalKeys, past: StoodAt): Route =>
  route({
    ...common,
    path: '/v1/sales/{id}',
    summary: 'One sale',
    thing: 'sale',
    params: { id: SaleId },
    query: asOfParameter,
    answers: { 200: OneSale },
    refusals: { 'sale-not-found': { status: 404, title: 'No such sale' } },
    handle: async ({ caller, params: { id }, query: { asOf } }) => {
      const then = (moment: Moment) => past(saleFold, id, moment);
      const found = await foundAt(asOf, () => saleById(db, id), then);
      const isSeen = found && isSeenBy(sightOf(caller), found.row);
      const [opened] = isSeen ? await openSales(keys, [found.row]) : [];
      if (!found || !opened) return { outcome: 'refused', reason: 'sale-not-found' };
      return shownAt(saleFor(seesPeople(caller))(opened), found);
    },
  });

export const saleRoutes = (
  db: Knex,
  keys: PersonalKeys,
  hash: KeyedHash,
  past: StoodAt,
): Route[] => {
  return [
    route({
      ...common,
      path: '/v1/sales',
      summary: 'Sales, newest first, and what became of their cashback',
      query: {
        ...listParameters,
        status: Type.Optional(Status),
        document: Type.Optional(CpfText),
        from: Type.Optional(Day),
        to: Type.Optional(Day),
      },
      answers: { 200: listOf(Sale) },
      refusals: {},
      handle: async ({ caller, query: { limit, cursor, document, ...period } }) => {
        const subject = document === undefined ? {} : { subjectId: subjectOf(hash, document) };
        if (await isErased(keys, subject)) return { status: 200, body: NONE };
        const filter = { ...period, ...subject };
        const wanted = { limit, before: place.read(cursor)?.position };
        const { rows, goesOn } = await salesSeenBy(db, sightOf(caller), filter, wanted);
        const opened = await openSales(keys, rows);
        const last = rows.at(-1);
        const nextCursor = goesOn && last ? place.write({ position: last.position }) : null;
        const items = opened.map(saleFor(seesPeople(caller)));
        return { status: 200, body: { items, nextCursor } };
      },
    }),
    oneSale(db, keys, past),
  ];
};
