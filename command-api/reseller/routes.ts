import { Erasure, Registration } from '#shared/reseller/commands.ts';
import type { Reseller, ResellerRefusal } from '#shared/reseller/decider.ts';
import { ResellerId } from '#shared/ids.ts';
import type { Receipt as Made } from '#shared/kernel/erasure.ts';
import { Instant } from '#shared/kernel/message.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { allUnderstood, understoodCpf } from '#shared/platform/http/understood.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';
import type { Erasing } from './erasing.ts';
import type { Register } from './registering.ts';

const refusals: Refusals<ResellerRefusal> = {
  'cpf-taken': { status: 409, title: 'There is a reseller with this CPF' },
  'email-taken': { status: 409, title: 'There is a reseller with this e-mail' },
  'reseller-not-found': { status: 404, title: 'No such reseller' },
  'month-open': {
    status: 409,
    title: 'A month of theirs is open',
    detail: 'Ask again when every month in which they bought is closed, and has been granted.',
  },
};

/** `null` once the person was erased. */
const Personal = Type.Union([Type.String(), Type.Null()]);
const Shown = closed({ id: ResellerId, fullName: Personal, cpf: Personal, email: Personal });

/** What can be shown later to whoever asked for it; the same however often it is asked for. */
const Receipt = closed({
  id: Type.String({ format: 'uuid' }),
  when: Instant,
  /** Which kinds of data nobody can read any more. */
  what: Type.Array(Type.String()),
});

const shownAs = (id: string) => (state: Reseller) => {
  if (state.status !== 'registered') throw new Error('An accepted registration left no reseller');
  const { fullName, cpf, email } = state;
  return { status: 201, body: { id, fullName, cpf, email }, location: '/v1/resellers/me' };
};

const registerRoute = (register: Register): Route =>
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
  });

const receiptOf = (made: Made | undefined) => {
  if (!made) throw new Error('An accepted erasure left no receipt');
  const { id, erasedAt: when, what } = made;
  return { id, when, what };
};

const eraseRoute = (erase: Erasing): Route =>
  route({
    method: 'post',
    path: '/v1/resellers/{id}/erase',
    summary: 'Erase who a reseller is, for good',
    thing: 'reseller',
    access: ['operator'],
    params: { id: ResellerId },
    body: Erasure,
    answers: { 200: Receipt },
    refusals,
    handle: async ({ params: { id }, body, asked }) => {
      const { handled, receipt } = await erase(id, body.reason, asked());
      const answered = answer(handled, () => ({ status: 200, body: receiptOf(receipt) }));
      if ('outcome' in answered || !receipt) return answered;
      // Who asks for the receipt with it finds it, though it came after what was decided.
      const upTo = { 'Log-Position': String(receipt.position) };
      return { ...answered, headers: { ...answered.headers, ...upTo } };
    },
  });

/** Becoming a reseller, which anybody may; and being forgotten as one. */
export const resellerRoutes = ({
  register,
  erase,
}: {
  readonly register: Register;
  readonly erase: Erasing;
}): Route[] => [registerRoute(register), eraseRoute(erase)];
