import type { Static } from 'typebox';
import { Registration, type PurchaseCommand } from '#shared/purchase/commands.ts';
import { purchase, type Purchase } from '#shared/purchase/decider.ts';
import { purchaseEvents } from '#shared/purchase/events.ts';
import { purchaseIdOf } from '#shared/purchase/identity.ts';
import { resellerIdOf } from '#shared/reseller/identity.ts';
import { dayOf, monthOf } from '#shared/kernel/calendar.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { uniqueHandler, type Naming } from '#shared/kernel/handle-unique.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';
import type { Caller } from '#shared/platform/http/caller.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import {
  allUnderstood,
  understoodAmount,
  understoodCpf,
  understoodPast,
} from '#shared/platform/http/understood.ts';
import { refusals, Shown, shownAs } from './answers.ts';
import type { ClosedAmong } from './closed-months.ts';
import type { ResellerExists } from './resellers.ts';

export type RegisteringDeps = {
  readonly eventStore: EventStore;
  readonly hash: KeyedHash;
  readonly closedAmong: ClosedAmong;
  readonly resellerExists: ResellerExists;
};

/** @throws {Rejected} pointing at all that is wrong. */
const understood = ({ code, amount, date, cpf }: Static<typeof Registration>, at: Instant) => ({
  code,
  ...allUnderstood({
    amountInCents: understoodAmount(amount, '/amount'),
    date: understoodPast(date, dayOf(at), '/date'),
    cpf: understoodCpf(cpf, '/cpf'),
  }),
});

/** An administrator may register for anybody, a reseller for themselves. */
const mayRegisterFor = (resellerId: string, { role, id }: Caller): boolean =>
  role === 'admin' || id === resellerId;

/** A purchase is named by its code, and no code is ever free again. */
export const registerRoute = (deps: RegisteringDeps): Route => {
  const { eventStore, hash, closedAmong, resellerExists } = deps;
  const register = uniqueHandler(eventStore, 'purchase', purchaseEvents, purchase);

  return route({
    method: 'post',
    path: '/v1/purchases',
    summary: 'Register a purchase of yours',
    access: ['reseller'],
    body: Registration,
    answers: { 201: Shown },
    refusals: {
      ...refusals,
      'not-your-cpf': { status: 403, title: 'This is not the CPF you registered with' },
      'reseller-not-found': { status: 404, title: 'There is no reseller with this CPF' },
    },
    handle: async ({ body, caller, at, asked }) => {
      const content = understood(body, at);
      const resellerId = resellerIdOf(hash, content.cpf);
      if (!mayRegisterFor(resellerId, caller))
        return { outcome: 'refused', reason: 'not-your-cpf' };
      if (!(await resellerExists(resellerId)))
        return { outcome: 'refused', reason: 'reseller-not-found' };

      const purchaseId = purchaseIdOf(content.code);
      const closedMonths = await closedAmong([monthOf(content.date)], at);
      const data = { purchaseId, resellerId, ...content, closedMonths, at };
      const naming: Naming<Purchase, PurchaseCommand> = {
        idOf: () => purchaseId,
        spent: () => false,
        commandFor: () => ({ type: 'RegisterPurchase', data }),
      };
      const location = `/v1/purchases/${purchaseId}`;
      return answer(await register(naming, asked()), (state) => ({
        status: 201,
        body: shownAs(state),
        location,
      }));
    },
  });
};
