import { Change, Registration } from '#shared/customer/commands.ts';
import type { Customer, CustomerRefusal } from '#shared/customer/decider.ts';
import { CustomerId } from '#shared/ids.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';
import type { Keeping } from './keeping.ts';

const refusals: Refusals<CustomerRefusal> = {
  'customer-not-found': { status: 404, title: 'No such customer' },
  'customer-already-registered': { status: 409, title: 'There is this customer already' },
  'email-taken': { status: 409, title: 'There is a customer with this e-mail' },
};

/** `null` once the person was erased. */
const Personal = Type.Union([Type.String(), Type.Null()]);
const Shown = closed({ id: CustomerId, name: Personal, email: Personal });

const shownAs = (id: string, state: Customer) => {
  if (state.status !== 'kept') throw new Error('An accepted command left no customer');
  return { id, name: state.name, email: state.email };
};

/** Everything an app can do about customers. */
export const customerRoutes = ({ register, change, remove }: Keeping): Route[] => {
  const common = { access: ['customer-app'], refusals } as const;
  const one = { ...common, thing: 'customer', params: { id: CustomerId } } as const;
  const path = '/v1/customers/{id}';

  return [
    route({
      ...common,
      method: 'post',
      path: '/v1/customers',
      summary: 'Register a customer',
      body: Registration,
      answers: { 201: Shown },
      handle: async ({ body, asked }) => {
        const { handled, id } = await register(body, asked());
        const location = `/v1/customers/${id}`;
        return answer(handled, (state) => ({ status: 201, body: shownAs(id, state), location }));
      },
    }),
    route({
      ...one,
      method: 'patch',
      path,
      summary: 'Change the name or e-mail of a customer',
      body: Change,
      answers: { 200: Shown },
      handle: async ({ params: { id }, body, asked }) => {
        const handled = await change(id, body, asked());
        return answer(handled, (state) => ({ status: 200, body: shownAs(id, state) }));
      },
    }),
    route({
      ...one,
      method: 'delete',
      path,
      summary: 'Remove a customer, and erase who they were for good',
      answers: { 204: 'empty' },
      handle: async ({ params: { id }, asked }) => {
        const { handled, receipt } = await remove(id, asked());
        const answered = answer(handled, () => ({ status: 204 }));
        if ('outcome' in answered || !receipt) return answered;
        // A 204 has no body: where the receipt can be read is all that it can say.
        const Link = `</v1/erasures/${receipt.id}>; rel="describedby"`;
        const upTo = { 'Log-Position': String(receipt.position) };
        return { ...answered, headers: { ...answered.headers, ...upTo, Link } };
      },
    }),
  ];
};
