import { Change, Rejection, type PurchaseCommand } from '#shared/purchase/commands.ts';
import { purchase, type Purchase } from '#shared/purchase/decider.ts';
import { purchaseEvents } from '#shared/purchase/events.ts';
import { PurchaseId, type AccountId, type ResellerId } from '#shared/ids.ts';
import { dayOf, monthOf, type Day } from '#shared/kernel/calendar.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import type { Caller } from '#shared/platform/http/caller.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Call, type Route } from '#shared/platform/http/route.ts';
import {
  allUnderstood,
  understoodAmount,
  understoodPast,
} from '#shared/platform/http/understood.ts';
import { Decided, refusals, Shown, shownAs, there } from './answers.ts';
import { registerRoute, type RegisteringDeps } from './register-route.ts';

const named = { id: PurchaseId };
const common = { thing: 'purchase', params: named, refusals } as const;

type Asking = Call<{ readonly id: PurchaseId }, unknown, unknown>;
type Deps = RegisteringDeps;

/** An administrator may ask for any reseller. */
const behalfOf = ({ role, id }: Caller): ResellerId | 'any reseller' =>
  role === 'admin' ? 'any reseller' : (id as ResellerId);

const handling = ({ eventStore }: Deps) =>
  commandHandler(eventStore, 'purchase', purchaseEvents, purchase);

/** Whose it is asked for, and which of the months that it touches are closed. */
const whoseIn = ({ eventStore, closedAmong }: Deps) => {
  const dateOf = async (id: PurchaseId): Promise<Day | undefined> => {
    const { events } = await eventStore.read(`purchase-${id}`, purchaseEvents);
    const state = events.reduce<Purchase>(purchase.evolve, purchase.initialState);
    return state.status === 'none' ? undefined : state.date;
  };
  return async ({ params: { id }, caller, at }: Asking, to?: Day) => {
    const dates = [await dateOf(id), to].filter((date) => date !== undefined);
    const closedMonths = await closedAmong(dates.map(monthOf), at);
    return { purchaseId: id, onBehalfOf: behalfOf(caller), closedMonths, at };
  };
};

/** What its reseller may do while nobody has decided. */
const ownRoutes = (deps: Deps): Route[] => {
  const handle = handling(deps);
  const whose = whoseIn(deps);

  return [
    route({
      ...common,
      method: 'patch',
      path: '/v1/purchases/{id}',
      summary: 'Change the amount or the day of a purchase in validation',
      access: ['reseller'],
      body: Change,
      answers: { 200: Shown },
      handle: async (call) => {
        const { body, params, at, asked } = call;
        const { amount, date } = body;
        const content = allUnderstood({
          amountInCents: amount === undefined ? amount : understoodAmount(amount, '/amount'),
          date: date === undefined ? date : understoodPast(date, dayOf(at), '/date'),
        });
        const data = { ...(await whose(call, content.date)), ...content };
        const handled = await handle(params.id, { type: 'ChangePurchase', data }, asked());
        return answer(handled, (state) => ({ status: 200, body: shownAs(state) }));
      },
    }),
    route({
      ...common,
      method: 'delete',
      path: '/v1/purchases/{id}',
      summary: 'Withdraw a purchase in validation',
      access: ['reseller'],
      answers: { 204: 'empty' },
      handle: async (call) => {
        const { params, caller, asked } = call;
        const data = { ...(await whose(call)), by: caller.id as AccountId };
        const handled = await handle(params.id, { type: 'WithdrawPurchase', data }, asked());
        return answer(handled, () => ({ status: 204 }));
      },
    }),
  ];
};

/** The verdicts differ in what has to be said, not in how they are given. */
const verdictRoutes = (deps: Deps): Route[] => {
  const handle = handling(deps);
  const verdict = ({ params, caller, at }: Asking) => ({
    purchaseId: params.id,
    by: caller.id as AccountId,
    at,
  });
  const give = async ({ params, asked }: Asking, command: PurchaseCommand) =>
    answer(await handle(params.id, command, asked()), (state) => {
      const { purchaseId: id, status } = there(state);
      return { status: 200, body: { id, status } };
    });
  const deciding = { ...common, method: 'post', access: ['analyst'] } as const;

  return [
    route({
      ...deciding,
      path: '/v1/purchases/{id}/approve',
      summary: 'Approve a purchase',
      answers: { 200: Decided },
      handle: (call) => give(call, { type: 'ApprovePurchase', data: verdict(call) }),
    }),
    route({
      ...deciding,
      path: '/v1/purchases/{id}/reject',
      summary: 'Reject a purchase, and say why',
      body: Rejection,
      answers: { 200: Decided },
      handle: (call) => {
        const data = { ...verdict(call), reason: call.body.reason };
        return give(call, { type: 'RejectPurchase', data });
      },
    }),
  ];
};

/** Everything a caller can do about purchases. */
export const purchaseRoutes = (deps: Deps): Route[] => [
  registerRoute(deps),
  ...ownRoutes(deps),
  ...verdictRoutes(deps),
];
