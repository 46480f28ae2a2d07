import supertest from 'supertest';
import { cashbackMonthEvents } from '#shared/cashback-month/events.ts';
import { monthClosed } from '#shared/cashback-month/examples.ts';
import { purchaseEvents } from '#shared/purchase/events.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import { registered } from '#shared/reseller/examples.ts';
import { resellerIdOf } from '#shared/reseller/identity.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { cashbackMonthRoutes } from '../../command-api/cashback-month/routes.ts';
import { closedMonthsIn } from '../../command-api/purchase/closed-months.ts';
import { resellerExistsIn } from '../../command-api/purchase/resellers.ts';
import { purchaseRoutes } from '../../command-api/purchase/routes.ts';

export const ANA = '52998224725' as Cpf;
export const BIA = '08948135015' as Cpf;
export const TRUSTED = '15350946056' as Cpf;
const hash = keyedHash(Buffer.alloc(32, 1));

/** Half past nine in the morning of 3 February 2026 in São Paulo, unless it is another time. */
const aLogOfPurchases = async (now = '2026-02-03T12:30:00.000Z') => {
  const eventStore = inMemoryEventStore();
  const deps = {
    ...{ eventStore, hash },
    closedAmong: closedMonthsIn(eventStore),
    resellerExists: resellerExistsIn(eventStore),
  };
  const routes = [...purchaseRoutes(deps), ...cashbackMonthRoutes({ eventStore })];
  const { app } = aThingApi({ routes, clock: () => now as Instant });
  const as = (role: Role, claims: object = {}) =>
    supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role, claims)}`);

  for (const cpf of [ANA, BIA, TRUSTED]) {
    const resellerId = resellerIdOf(hash, cpf);
    const options = { expected: 'no-stream', meta } as const;
    const events = [registered({ resellerId, cpf })];
    await eventStore.append(`reseller-${resellerId}`, resellerEvents, events, options);
  }

  return {
    ...{ eventStore, as },
    reseller: (cpf = ANA) => as('reseller', { sub: resellerIdOf(hash, cpf) }),
    analyst: as('analyst'),
    admin: as('admin'),
    closeMonth: (month: string) =>
      eventStore.append(
        `cashbackMonth-${month}`,
        cashbackMonthEvents,
        [monthClosed(month as Month)],
        { expected: 'no-stream', meta },
      ),
    types: async () => {
      const types: string[] = [];
      for await (const page of eventStore.pages(purchaseEvents, BEGINNING))
        types.push(...page.events.map(({ type }) => type));
      return types;
    },
  };
};

type Body = Readonly<Record<string, string>> & { readonly id: string };

/** A body that registers a purchase of Ana's. */
export const purchase = {
  code: 'A-1',
  amount: '800.00',
  date: '2026-01-10',
  cpf: '529.982.247-25',
};
export const bodyOf = ({ body }: { readonly body: unknown }) => body as Body;
export const codeOf = ({ body }: { readonly body: unknown }) =>
  (body as { readonly code: string }).code;
export const pointersIn = ({ body }: { readonly body: unknown }) =>
  (body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);

/** The purchase API on a log in memory, with three resellers. */
export const aPurchaseApi = async (now?: string) => {
  const api = await aLogOfPurchases(now);
  const post = (body: object = purchase, caller = api.reseller()) =>
    caller.post('/v1/purchases').send(body);

  return {
    ...api,
    post,
    made: async (body: object = purchase) => bodyOf(await post(body).expect(201)).id,
    patch: (id: string, body: object, caller = api.reseller()) =>
      caller.patch(`/v1/purchases/${id}`).send(body),
    remove: (id: string, caller = api.reseller()) => caller.delete(`/v1/purchases/${id}`),
    decide: (id: string, verdict: 'approve' | 'reject') =>
      api.analyst
        .post(`/v1/purchases/${id}/${verdict}`)
        .send(verdict === 'reject' ? { reason: 'No receipt' } : {}),
  };
};
export type APurchaseApi = Awaited<ReturnType<typeof aPurchaseApi>>;
