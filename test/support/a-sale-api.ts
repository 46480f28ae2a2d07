import { expect } from 'chai';
import supertest, { type Response } from 'supertest';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { Named } from '#shared/kernel/message.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { anErp } from '#shared/sale/examples.ts';
import { saleEvents, type SaleEvent } from '#shared/sale/events.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { saleRoutes } from '../../command-api/sale/routes.ts';

export const hash = keyedHash(Buffer.alloc(32, 7));

export type SaleProblem = {
  readonly code: string;
  readonly detail: string;
  readonly saleId: string;
  readonly errors: readonly {
    readonly pointer: string;
    readonly code: string;
    readonly message: string;
  }[];
};

export const problemIn = ({ body }: Response) => body as SaleProblem;
export const idIn = ({ body }: Response) => (body as { readonly id: string }).id;

/** What the first event of this name says. */
export const first = <Type extends SaleEvent['type']>(
  events: readonly SaleEvent[],
  type: Type,
): Named<SaleEvent, Type>['data'] => {
  const found = events.find((event) => event.type === type);
  return (found?.data ?? expect.fail(`There is no ${type}`)) as Named<SaleEvent, Type>['data'];
};

/** The routes about sales over a log of their own, and an ERP that sends to them. */
export const aSaleApi = () => {
  const keys = inMemoryKeys();
  const eventStore = inMemoryEventStore({ keys });
  const { app } = aThingApi({ routes: saleRoutes({ eventStore, hash }) });
  const as = (role: Role, claims: object = {}) =>
    supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role, claims)}`);
  const erp = as('erp', { sub: anErp });

  return {
    ...{ keys, eventStore, as, erp, nobody: supertest(app) },
    send: (body: unknown, { key, path = '/v1/cashback' }: { key?: string; path?: string } = {}) => {
      const request = erp.post(path).type('json');
      if (key !== undefined) void request.set('Idempotency-Key', key);
      return request.send(typeof body === 'string' ? body : JSON.stringify(body));
    },
    saleOf: async (id: string) => (await eventStore.read(`sale-${id}`, saleEvents)).events,
    /** As it stands in the log: sealed. */
    log: async () => {
      const events = [];
      for await (const page of eventStore.pages(saleEvents, BEGINNING)) events.push(...page.events);
      return events;
    },
  };
};
