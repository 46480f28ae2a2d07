import { Registration } from '#shared/reseller/commands.ts';
import type { Reseller, ResellerRefusal } from '#shared/reseller/decider.ts';
import { ResellerId } from '#shared/ids.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { allUnderstood, understoodCpf } from '#shared/platform/http/understood.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';
import type { Register } from './registering.ts';

const refusals: Refusals<ResellerRefusal> = {
  'cpf-taken': { status: 409, title: 'There is a reseller with this CPF' },
  'email-taken': { status: 409, title: 'There is a reseller with this e-mail' },
};

/** `null` once the person was erased. */
const Personal = Type.Union([Type.String(), Type.Null()]);
const Shown = closed({ id: ResellerId, fullName: Personal, cpf: Personal, email: Personal });

const shownAs = (id: string) => (state: Reseller) => {
  if (state.status === 'none') throw new Error('An accepted registration left no reseller');
  const { fullName, cpf, email } = state;
  return { status: 201, body: { id, fullName, cpf, email }, location: '/v1/resellers/me' };
};

/** Everything anybody can do to become a reseller. */
export const resellerRoutes = ({ register }: { readonly register: Register }): Route[] => [
  route({
    method: 'post',
    path: '/v1/resellers',
    summary: 'Register as a reseller',
    access: 'anyone',
    body: Registration,
    answers: { 201: Shown },
    refusals,
    handle: async ({ body, asked }) => {
      const { cpf } = allUnderstood({ cpf: understoodCpf(body.cpf, '/cpf') });
      const handled = await register({ ...body, cpf }, asked());
      return answer(handled, shownAs(handled.id));
    },
  }),
];
