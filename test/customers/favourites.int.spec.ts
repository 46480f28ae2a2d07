import { expect } from 'chai';
import { favouriteEvents } from '#shared/favourite/events.ts';
import type { ProductAnswer } from '#shared/favourite/ports.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { productsSchema, productStore } from '../../adapters/postgres/products.ts';
import { customers } from '../../projections/customer/customers-view.ts';
import { favouriteIndexIn } from '../../projections/favourite/favourite-index.ts';
import { listFavourite } from '../../projections/favourite/effects.ts';
import { favourites } from '../../projections/favourite/favourites-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { apply } from '../../projections/view.ts';
import { productCache } from '../../query-api/favourite/products.ts';
import { favouriteRoutes } from '../../query-api/favourite/routes.ts';
import { aCommandApi, codeOf, everything, type ACommandApi } from '../support/a-command-api.ts';
import { aDatabase } from '../support/a-database.ts';

const THOUSANDS = 2_500;
const productId = (nth: number) => derivedId('spec-product', String(nth));
const found = (id: string): ProductAnswer => ({
  outcome: 'found',
  product: { id, title: `Produto ${id}`, image: 'http://x/y.jpg', price: 12.5, brand: 'B' },
});

type Item = { readonly productId: string; readonly status?: string };
type Listed = { readonly items: readonly Item[]; readonly nextCursor: string | null };

describe('Favourites', function () {
  this.timeout(180_000);
  const db = aDatabase(async (empty) => {
    await checkpointSchema.up(empty);
    await productsSchema.up(empty);
    for (const view of [customers, favourites]) await prepareView(empty, view);
  });
  let api: ACommandApi;
  let list: string;
  let answer: (id: string) => ProductAnswer;
  beforeEach(async () => {
    answer = found;
    await db().raw('truncate product, customers_view, favourites_view');
    api = aCommandApi(db());
    const body = { name: 'Ana', email: 'ana@example.com' };
    const made = await app().post('/v1/customers').send(body).expect(201);
    list = `/v1/customers/${(made.body as { id: string }).id}/favourites`;
  });

  const app = () => api.as('customer-app');
  const add = (nth: number) =>
    app()
      .post(list)
      .send({ productId: productId(nth) });
  const remove = (nth: number) => app().delete(`${list}/${productId(nth)}`);
  const types = async () =>
    (await everything(api.eventStore, favouriteEvents)).map(({ type }) => type);

  /** Every request is decided, as the job does it. */
  const decideAll = async () => {
    const index = favouriteIndexIn(db());
    const products = productStore(db());
    const ask = (id: string) => Promise.resolve(answer(id));
    const deps = { eventStore: api.eventStore, index, products, askForProduct: ask };
    const effect = listFavourite({ ...deps, clock: systemClock });
    for (const { data, id: eventId } of await everything(api.eventStore, favouriteEvents))
      await effect.carryOut(
        {
          ...{ id: eventId, kind: effect.kind, eventId, correlationId: 'c' },
          ...{ stream: `favourite-${data.favouriteId}` },
          data: { favouriteId: data.favouriteId, request: String(data.request) },
        },
        { attempt: 1, signal: new AbortController().signal, idempotencyKey: eventId },
      );
  };
  const asking = async () => {
    await db().raw('truncate customers_view, favourites_view');
    for (const view of [customers, favourites])
      for await (const page of api.eventStore.pages(view.events as never, BEGINNING))
        await db().transaction((tx) => apply(tx, view, page.events));
    const ask = (id: string) => Promise.resolve(answer(id));
    const cache = {
      ask,
      store: productStore(db()),
      ttlMs: 60_000,
      waitMs: 1_000,
      now: () => Date.parse(systemClock()),
    };
    const productsOf = productCache({ ...cache, onTrouble: () => undefined });
    const linkTo = (id: string) => `http://products/${id}`;
    return aThingApi({ routes: favouriteRoutes({ db: db(), productsOf, linkTo }) });
  };
  const listed = async (query = '') =>
    (await (await asking()).as('customer-app').get(`${list}${query}`).expect(200)).body as Listed;

  it('are asked for, decided by a job, and shown with what the partner says', async () => {
    const asked = await add(1).expect(202);
    expect(asked.body).to.include({ productId: productId(1), status: 'REQUESTED' });
    expect((await listed()).items).to.deep.equal([]);
    const waiting = await listed('?status=REQUESTED');
    expect(waiting.items).to.deep.equal([
      {
        ...{ productId: productId(1), link: `http://products/${productId(1)}` },
        status: 'REQUESTED',
      },
    ]);
    await decideAll();
    expect((await listed()).items).to.deep.equal([
      {
        ...{ productId: productId(1), link: `http://products/${productId(1)}`, available: true },
        ...{ title: `Produto ${productId(1)}`, image: 'http://x/y.jpg', price: 12.5, brand: 'B' },
      },
    ]);
    expect(codeOf(await add(1).expect(409))).to.equal('favourite-already-listed');
  });

  it('stand in a list once, also when fifty ask at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => add(1)));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([202]));
    const capitals = { productId: productId(1).toUpperCase() };
    await app().post(list).send(capitals).expect(202);
    expect(await types()).to.deep.equal(['FavouriteRequested']);
  });

  it('are removed, and may be added again', async () => {
    await add(1).expect(202);
    await decideAll();
    await remove(1).expect(204);
    expect(codeOf(await remove(1).expect(404))).to.equal('favourite-not-found');
    expect((await listed()).items).to.deep.equal([]);
    await add(1).expect(202);
    await decideAll();
    expect((await listed()).items).to.have.length(1);
  });

  it('are refused when there is no such product, and may be asked for again', async () => {
    answer = () => ({ outcome: 'unknown' });
    await add(1).expect(202);
    await decideAll();
    expect((await listed('?status=REFUSED')).items).to.have.length(1);
    expect((await listed()).items).to.deep.equal([]);
    await add(1).expect(202);
    expect((await types()).at(-1)).to.equal('FavouriteRequested');
  });

  it('are of a customer, whom there has to be', async () => {
    const nobody = `/v1/customers/${productId(1)}/favourites`;
    const asked = await app()
      .post(nobody)
      .send({ productId: productId(1) })
      .expect(404);
    expect(codeOf(asked)).to.equal('customer-not-found');
    await (await asking()).as('customer-app').get(nobody).expect(404);
    await api
      .as('operator')
      .post(list)
      .send({ productId: productId(1) })
      .expect(403);
    await app().post(list).send({ productId: 'x' }).expect(422);
    await app().delete(list.replace('/favourites', '')).expect(204);
    expect(codeOf(await add(1).expect(404))).to.equal('customer-not-found');
    await (await asking()).as('customer-app').get(list).expect(404);
  });

  it('are the same when the request is repeated under its key, and no others', async () => {
    const keyed = (nth: number) => add(nth).set('Idempotency-Key', 'k');
    await keyed(1).expect(202);
    expect((await keyed(1).expect(202)).headers).to.include({ 'idempotent-replayed': 'true' });
    expect(codeOf(await keyed(2).expect(422))).to.equal('idempotency-key-reused');
  });

  it('are thousands in one list, shown page by page, each of them once', async () => {
    for (let from = 0; from < THOUSANDS; from += 100)
      await Promise.all(Array.from({ length: 100 }, (_, nth) => add(from + nth).expect(202)));
    const asked = (await asking()).as('customer-app');
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const answered = await asked.get(`${list}?status=REQUESTED&limit=200${after}`).expect(200);
      const page = answered.body as Listed;
      seen.push(...page.items.map((item) => item.productId));
      cursor = page.nextCursor;
    }
    expect(seen).to.have.length(THOUSANDS);
    expect(new Set(seen)).to.have.property('size', THOUSANDS);
  });
});
