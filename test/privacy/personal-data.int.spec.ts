import { expect } from 'chai';
import supertest from 'supertest';
import { registered as customerRegistered } from '#shared/customer/examples.ts';
import { customerEvents } from '#shared/customer/events.ts';
import { favouriteEvents } from '#shared/favourite/events.ts';
import { aFavourite, aCustomer, happened } from '#shared/favourite/examples.ts';
import type { SubjectId } from '#shared/ids.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { heldIn } from '#shared/privacy/held.ts';
import { purchaseEvents } from '#shared/purchase/events.ts';
import { registered as purchaseRegistered } from '#shared/purchase/examples.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import { anotherReseller, aReseller, registered } from '#shared/reseller/examples.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { received } from '#shared/sale/examples.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { customers } from '../../projections/customer/customers-view.ts';
import { favourites } from '../../projections/favourite/favourites-view.ts';
import { purchases } from '../../projections/purchase/purchases-view.ts';
import { resellers } from '../../projections/reseller/resellers-view.ts';
import { sales } from '../../projections/sale/sales-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { apply, type AnyView } from '../../projections/view.ts';
import { personalDataRoutes } from '../../query-api/privacy/personal-data.ts';
import { aDatabase } from '../support/a-database.ts';

const VIEWS: readonly AnyView[] = [customers, favourites, resellers, purchases, sales];
const ofAna = registered().data;
const purchase = purchaseRegistered({ resellerId: aReseller });
const sale = received({ subjectId: ofAna.subjectId });
const bia = '5d0b2a52-3c5e-5a0e-9d0a-0000000000c2' as SubjectId;
const other = registered({ resellerId: anotherReseller, subjectId: bia, fullName: 'Bia' });

type Held = {
  readonly complete: boolean;
  readonly events: readonly { readonly type: string; readonly data: object }[];
};

/** Ana is a reseller who bought and was a buyer; a customer had a favourite, and gave it up. */
const put = async () => {
  const eventStore = inMemoryEventStore();
  const options = { expected: 'no-stream', meta } as const;
  const { append } = eventStore;
  await append(`reseller-${aReseller}`, resellerEvents, [registered()], options);
  await append(`reseller-${anotherReseller}`, resellerEvents, [other], options);
  await append(`purchase-${purchase.data.purchaseId}`, purchaseEvents, [purchase], options);
  await append(`sale-${sale.data.saleId}`, saleEvents, [sale], options);
  await append(`customer-${aCustomer}`, customerEvents, [customerRegistered()], options);
  const history = [happened('FavouriteRequested'), happened('FavouriteRemoved')];
  await append(`favourite-${aFavourite}`, favouriteEvents, history, options);
  return eventStore;
};

describe('What is held about somebody', () => {
  let eventStore: ReturnType<typeof inMemoryEventStore>;
  const database = aDatabase(async (db) => {
    eventStore = await put();
    await checkpointSchema.up(db);
    for (const view of VIEWS) {
      await prepareView(db, view);
      for await (const page of eventStore.pages(view.events, BEGINNING))
        await db.transaction((tx) => apply(tx, view, page.events));
    }
  });
  const as = (role: Role, claims: object = {}, options = {}) => {
    const routes = personalDataRoutes(database(), heldIn(eventStore), options);
    const { app } = aThingApi({ routes });
    return supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role, claims)}`);
  };
  const typesIn = ({ events }: Held) => events.map(({ type }) => type);
  const ofCustomer = `/v1/customers/${aCustomer}/personal-data`;
  const ofReseller = `/v1/resellers/${aReseller}/personal-data`;

  it('is told to the app of a customer, with favourites that they removed', async () => {
    const held = (await as('customer-app').get(ofCustomer).expect(200)).body as Held;
    expect(held).to.include({ id: aCustomer, complete: true });
    expect(typesIn(held)).to.deep.equal([
      ...['CustomerRegistered', 'FavouriteRequested', 'FavouriteRemoved'],
    ]);
    expect(held.events[0]?.data).to.include({ name: 'Ana', email: 'Ana@example.com' });
  });

  it('is told to a reseller about themselves, and to operators', async () => {
    for (const asked of [
      as('reseller', { sub: aReseller }).get('/v1/resellers/me/personal-data'),
      as('operator').get(ofReseller),
    ]) {
      const held = (await asked.expect(200)).body as Held;
      expect(typesIn(held)).to.deep.equal([
        ...['ResellerRegistered', 'PurchaseRegistered', 'SaleReceived'],
      ]);
      expect(held.events[0]?.data).to.include({ cpf: '52998224725', email: 'Ana@example.com' });
    }
    const others = as('reseller', { sub: anotherReseller }).get('/v1/resellers/me/personal-data');
    expect(typesIn((await others.expect(200)).body as Held)).to.deep.equal(['ResellerRegistered']);
  });

  it('is nobody else’s business, and nothing about those of whom nothing is', async () => {
    await as('auditor').get(ofCustomer).expect(403);
    await as('reseller', { sub: aReseller }).get(ofReseller).expect(403);
    await as('customer-app').get(ofCustomer.replace(aCustomer, aReseller)).expect(404);
    await as('operator').get(ofReseller.replace(aReseller, aCustomer)).expect(404);
  });

  it('says when it is more than one answer holds', async () => {
    const asked = as('operator', {}, { mostStreams: 4 }).get(ofReseller);
    const held = (await asked.expect(200)).body as Held;
    expect(held.complete).to.equal(false);
    expect(typesIn(held)).to.deep.equal(['ResellerRegistered', 'PurchaseRegistered']);
  });
});
