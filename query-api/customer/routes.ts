import type { Knex } from 'knex';
import { emailHashOf } from '#shared/customer/email-hash.ts';
import { customerFold } from '#shared/customer/fold.ts';
import { customersView, type CustomerRow } from '#shared/customer/view.ts';
import { CustomerId } from '#shared/ids.ts';
import type { Moment, StoodAt } from '#shared/kernel/fold.ts';
import type { KeyedHash, PersonalKeys } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';
import { asOfMark, asOfParameter, foundAt, shownAt } from '#shared/platform/http/as-of.ts';
import { cursorOf, listOf, listParameters, page } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { customerById, customersBefore, openCustomers } from './queries.ts';

/** `null` from the moment the person is erased until the view has followed. */
const Personal = Type.Union([Type.String(), Type.Null()]);
const Customer = Type.Object({ id: CustomerId, name: Personal, email: Personal });
const OneCustomer = Type.Object({ ...Customer.properties, ...asOfMark });

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const customerOf = ({ customer_id: id, name, email }: CustomerRow) => ({ id, name, email });

export const customerRoutes = (
  db: Knex,
  keys: PersonalKeys,
  hash: KeyedHash,
  past: StoodAt,
): Route[] => {
  const common = { method: 'get', access: ['customer-app'], reads: [customersView] } as const;

  return [
    route({
      ...common,
      path: '/v1/customers',
      summary: 'Customers, newest first',
      query: {
        ...listParameters,
        email: Type.Optional(Type.String({ format: 'email', maxLength: 254 })),
      },
      answers: { 200: listOf(Customer) },
      refusals: {},
      handle: async ({ query: { limit, cursor, email } }) => {
        const filter = email === undefined ? {} : { emailHash: emailHashOf(hash, email) };
        const before = place.read(cursor)?.position;
        const rows = await customersBefore(db, keys, filter, { limit: limit + 1, before });
        return page(rows, limit, customerOf, ({ position }) => place.write({ position }));
      },
    }),
    route({
      ...common,
      path: '/v1/customers/{id}',
      summary: 'One customer',
      thing: 'customer',
      params: { id: CustomerId },
      query: asOfParameter,
      answers: { 200: OneCustomer },
      refusals: { 'customer-not-found': { status: 404, title: 'No such customer' } },
      handle: async ({ params: { id }, query: { asOf } }) => {
        const now = await customerById(db, id);
        const then = (moment: Moment) => past(customerFold, id, moment);
        // Whoever was removed has no past either.
        const found = now && (await foundAt(asOf, () => Promise.resolve(now), then));
        const [opened] = found ? await openCustomers(keys, [found.row]) : [];
        if (!found || !opened) return { outcome: 'refused', reason: 'customer-not-found' };
        return shownAt(customerOf(opened), found);
      },
    }),
  ];
};
