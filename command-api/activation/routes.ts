import {
  Cancellation,
  Rejection,
  Submission,
  type ActivationCommand,
} from '#shared/activation/commands.ts';
import { activation, type Activation, type ActivationRefusal } from '#shared/activation/decider.ts';
import { activationEvents } from '#shared/activation/events.ts';
import { ActivationId, CompanyId, CustomerMid, type AccountId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { uniqueHandler } from '#shared/kernel/handle-unique.ts';
import { closed, oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { answer } from '#shared/platform/http/command.ts';
import { problems } from '#shared/platform/http/problem.ts';
import { route, type Call, type Refusals, type Route } from '#shared/platform/http/route.ts';
import { companyOf, destinationOf, submissionOf } from './submission.ts';

export type ActivationDeps = {
  readonly eventStore: EventStore;
  readonly companyExists: (id: CompanyId) => Promise<boolean>;
};

const refusals: Refusals<ActivationRefusal | 'company-not-found'> = {
  'activation-not-found': { status: 404, title: 'No such activation' },
  'activation-already-pending': {
    status: 409,
    title: 'One is pending already for this company, customer and product',
  },
  'activation-already-decided': { status: 409, title: 'This activation had another verdict' },
  'company-not-found': { status: 404, title: 'No such company' },
  forbidden: problems.forbidden,
};

const Status = oneOf(['PENDING', 'APPROVED', 'REJECTED', 'CANCELLED']);
const Submitted = closed({
  id: ActivationId,
  status: Status,
  companyId: CompanyId,
  customerMid: CustomerMid,
  product: Type.String(),
});
const Decided = closed({ id: ActivationId, status: Status });
const named = { id: ActivationId };

const submittedAs = (id: string) => (state: Activation) => {
  if (state.status === 'none') throw new Error('An accepted submission left no activation');
  const { status, companyId, customerMid, product } = state;
  const body = { id, status, companyId, customerMid, product };
  return { status: 201, body, location: `/v1/activations/${id}` };
};

const submitRoute = ({ eventStore, companyExists }: ActivationDeps): Route => {
  const submit = uniqueHandler(eventStore, 'activation', activationEvents, activation);
  return route({
    method: 'post',
    path: '/v1/activations',
    summary: 'Ask for an activation',
    access: ['partner'],
    body: Submission,
    answers: { 201: Submitted },
    refusals,
    handle: async (call) => {
      const companyId = destinationOf(call.body, call.caller);
      if (!(await companyExists(companyId)))
        return { outcome: 'refused', reason: 'company-not-found' };
      const handled = await submit(submissionOf(call.body, companyId, call), call.asked());
      return answer(handled, submittedAs(handled.id));
    },
  });
};

type Decision = Call<{ readonly id: ActivationId }, unknown, unknown>;

/** The verdicts differ in who may give them and in what has to be said, not in how. */
const decisions = ({ eventStore }: ActivationDeps) => {
  const handle = commandHandler(eventStore, 'activation', activationEvents, activation);
  const verdict = ({ params, caller, at }: Decision) => ({
    activationId: params.id,
    by: caller.id as AccountId,
    at,
  });
  const give = async ({ params, asked }: Decision, command: ActivationCommand) => {
    const handled = await handle(params.id, command, asked());
    return answer(handled, ({ status }) => ({ status: 200, body: { id: params.id, status } }));
  };
  return { give, verdict };
};

/** Everything a caller can do about activations. */
export const activationRoutes = (deps: ActivationDeps): Route[] => {
  const { give, verdict } = decisions(deps);
  const common = { method: 'post', thing: 'activation', params: named, refusals } as const;
  const answers = { 200: Decided };

  return [
    submitRoute(deps),
    route({
      ...common,
      answers,
      path: '/v1/activations/{id}/approve',
      summary: 'Approve an activation',
      access: ['analyst'],
      handle: (call) => give(call, { type: 'ApproveActivation', data: verdict(call) }),
    }),
    route({
      ...common,
      answers,
      path: '/v1/activations/{id}/reject',
      summary: 'Reject an activation, and say why',
      access: ['analyst'],
      body: Rejection,
      handle: (call) => {
        const data = { ...verdict(call), reason: call.body.reason };
        return give(call, { type: 'RejectActivation', data });
      },
    }),
    route({
      ...common,
      answers,
      path: '/v1/activations/{id}/cancel',
      summary: 'Take a request of your company back while it is pending',
      access: ['partner'],
      body: Cancellation,
      handle: (call) => {
        const onBehalfOf: CompanyId | 'any company' = companyOf(call.caller) ?? 'any company';
        const data = { ...verdict(call), ...call.body, onBehalfOf };
        return give(call, { type: 'CancelActivation', data });
      },
    }),
  ];
};
