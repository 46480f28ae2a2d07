import type { Knex } from 'knex';
import { emailHashOf } from '#shared/customer/email-hash.ts';
import { customersView, type CustomerRow } from '#shared/customer/view.ts';
import { CustomerId } from '#shared/ids.ts';
import type { KeyedHash, PersonalKeys } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';
import { cursorOf, listOf, listParameters, page, shown } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { customerById, customersBefore } from './queries.ts';

/** `null` from the moment the person is erased until the view has followed. */
const Personal = Type.Union([Type.String(), Type.Null()]);
const Customer = Type.Object({ id: CustomerId, name: Personal, email: Personal });

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const customerOf = ({ customer_id: id, name, email }: CustomerRow) => ({ id, name, email });

export const customerRoutes = (db: Knex, keys: PersonalKeys, hash: KeyedHash): Route[] => {
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
      answers: { 200: Customer },
      refusals: { 'customer-not-found': { status: 404, title: 'No such customer' } },
      handle: async ({ params: { id } }) => {
        const row = await customerById(db, keys, id);
        if (!row) return { outcome: 'refused', reason: 'customer-not-found' };
        return shown(customerOf(row), row.revision);
      },
    }),
  ];
};
