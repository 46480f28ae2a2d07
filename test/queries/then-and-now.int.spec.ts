import { expect } from 'chai';
import supertest from 'supertest';
import { accountEvents } from '#shared/account/events.ts';
import * as account from '#shared/account/examples.ts';
import { cashbackLedgerEvents } from '#shared/cashback-month/events.ts';
import { adjusted, granted } from '#shared/cashback-month/examples.ts';
import { purchaseEvents } from '#shared/purchase/events.ts';
import * as purchase from '#shared/purchase/examples.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import * as reseller from '#shared/reseller/examples.ts';
import type { PurchaseId } from '#shared/ids.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { Contract, MessageOf, Schemas } from '#shared/kernel/message.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { accounts } from '../../projections/account/accounts-view.ts';
import { resellerMonths } from '../../projections/cashback-month/reseller-months-view.ts';
import { purchases } from '../../projections/purchase/purchases-view.ts';
import { resellers } from '../../projections/reseller/resellers-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { apply, type AnyView } from '../../projections/view.ts';
import { accountRoutes } from '../../query-api/account/routes.ts';
import { MOST_PURCHASES } from '../../query-api/purchase/past.ts';
import { purchaseRoutes } from '../../query-api/purchase/routes.ts';
import { resellerRoutes } from '../../query-api/reseller/routes.ts';
import { aDatabase } from '../support/a-database.ts';
import { pastIn } from '../support/the-past.ts';

type Body = Readonly<Record<string, unknown>>;
type Seen = { readonly status: number; readonly body: Body; readonly etag: unknown };

const { aReseller, aPurchase, anotherPurchase, inDecember } = purchase;
const aThird = '5d0b2a52-3c5e-5a0e-9d0a-0000000000e3' as PurchaseId;
const VIEWS: readonly AnyView[] = [accounts, resellers, resellerMonths, purchases];
const hash = keyedHash(Buffer.alloc(32, 1));

describe('What is shown as of a position', function () {
  this.timeout(180_000);
  const db = aDatabase(async (empty) => {
    await checkpointSchema.up(empty);
    for (const view of VIEWS) await prepareView(empty, view);
  });
  const keys = inMemoryKeys();
  const store = inMemoryEventStore({ keys });
  let end = BEGINNING;
  let times = 0;

  /** Puts an event on record, and has the views follow. */
  const happens = async <S extends Schemas>(
    stream: string,
    contract: Contract<S>,
    event: MessageOf<S>,
  ): Promise<bigint> => {
    const { revision: expected } = await store.read(stream, contract);
    const of = { ...meta, commandId: `command ${++times}` };
    const { position } = await store.append(stream, contract, [event], { expected, meta: of });
    for (const view of VIEWS)
      for await (const { events } of store.pages(view.events, end))
        await db().transaction((tx) => apply(tx, view, events));
    end = position;
    return position;
  };
  const bought = (event: MessageOf<(typeof purchaseEvents)['schemas']>) => () =>
    happens(`purchase-${event.data.purchaseId}`, purchaseEvents, event);
  const booked = (event: MessageOf<(typeof cashbackLedgerEvents)['schemas']>) => () =>
    happens(`cashbackLedger-${aReseller}`, cashbackLedgerEvents, event);
  const done = (event: MessageOf<(typeof accountEvents)['schemas']>) => () =>
    happens(`account-${account.anAccount}`, accountEvents, event);

  const get = async (path: string, role: Role, sub: string = aReseller): Promise<Seen> => {
    const past = pastIn(store);
    const routes = [
      ...accountRoutes(db(), keys, past),
      ...purchaseRoutes(db(), hash, past),
      ...resellerRoutes(db(), keys, past),
    ];
    const answer = await supertest(aThingApi({ routes }).app)
      .get(path)
      .set('Authorization', `Bearer ${tokenOf(role, { sub })}`);
    const { status, headers } = answer;
    return { status, body: answer.body as Body, etag: (headers as Body)['etag'] };
  };
  const asOf = (path: string, position: bigint, role: Role) =>
    get(`${path}?asOf=${position}`, role);

  /** Watches things while this and that happens, then looks back at each of the moments. */
  const lookedBackAt = async (
    role: Role,
    paths: readonly string[],
    steps: readonly (() => Promise<bigint>)[],
  ) => {
    const watched: { path: string; position: bigint; now: Seen }[] = [];
    for (const step of steps) {
      const position = await step();
      for (const path of paths) watched.push({ path, position, now: await get(path, role) });
    }
    return Promise.all(
      watched.map(async ({ path, position, now }) => {
        const then = await asOf(path, position, role);
        const { asOf: mark, ...body } = then.body;
        if (now.status === 404) expect(then.status).to.equal(404);
        else expect({ ...then, body }).to.deep.equal(now);
        return { ...now.body, mark, position };
      }),
    );
  };

  it('is what was shown then of a purchase, its percentage included', async () => {
    const of = (purchaseId: PurchaseId, code: string) => ({ purchaseId, code });
    const [a, b, c] = [of(aPurchase, 'A'), of(anotherPurchase, 'B'), of(aThird, 'C')];
    const [large, small] = [{ amountInCents: 1_500_00 }, { amountInCents: 1_00 }];
    const changed = { date: inDecember };
    const moved = purchase.changed(changed, {}, { purchaseId: anotherPurchase });
    const paths = [a, b, c].map(({ purchaseId }) => `/v1/purchases/${purchaseId}`);
    const seen = await lookedBackAt('reseller', paths, [
      bought(purchase.registered({ ...a, amountInCents: 300_00 })),
      bought(purchase.registered(b)),
      bought(purchase.registered({ ...c, ...large })),
      bought(purchase.changed(small, large, { purchaseId: aThird })),
      bought(moved),
      bought(purchase.approved({ purchaseId: anotherPurchase, ...changed })),
      bought(purchase.withdrawn({ purchaseId: aThird, ...small })),
      booked(granted({ purchasedInCents: 300_00, percent: '10', purchases: 1 })),
      bought(purchase.rejected({ purchaseId: aPurchase, amountInCents: 300_00 })),
      booked(adjusted()),
    ]);
    const percents = seen.flatMap((one: Body) =>
      one['code'] === 'A' ? one['cashbackPercent'] : [],
    );
    expect(percents).to.deep.equal(['10', '15', '20', '15', '10', '10', '10', '10', '0', '0']);
    // The last of all events that made its month what it was, be they of other purchases.
    for (const { mark, position, ...rest } of seen)
      if ('amount' in rest && (rest as Body)['code'] === 'A')
        expect(mark).to.have.property('position', String(position));
  });

  it('is what was shown then of an account', async () => {
    const path = `/v1/accounts/${account.anAccount}`;
    const steps = [account.opened(), account.disabled(), account.passwordChanged()].map(done);
    const seen = await lookedBackAt('admin', [path], [...steps, done(account.enabled())]);
    const disabled = seen.map((one: Body) => one['disabled']);
    expect(disabled).to.deep.equal([false, true, true, false]);
    expect((await asOf(path, 0n, 'admin')).body).to.include({ code: 'account-not-found' });
  });

  it('is what was shown then of a reseller, and nothing once they were erased', async () => {
    const stream = `reseller-${aReseller}`;
    const path = '/v1/resellers/me';
    const put = (event: MessageOf<(typeof resellerEvents)['schemas']>) => () =>
      happens(stream, resellerEvents, event);
    const [seen] = await lookedBackAt('reseller', [path], [put(reseller.registered())]);
    expect(seen).to.include({ fullName: 'Ana de Souza', id: aReseller });
    const before = (seen?.position ?? 0n) - 1n;
    expect((await asOf(path, before, 'reseller')).status).to.equal(404);
    await keys.destroy(reseller.aPerson);
    const then = seen?.position ?? 0n;
    expect((await asOf(path, then, 'reseller')).body).to.include({ fullName: null, cpf: null });
    await put(reseller.erased())();
    expect((await asOf(path, then, 'reseller')).status).to.equal(404);
  });

  it('is a purchase of one’s own, or nothing', async () => {
    const path = `/v1/purchases/${aPurchase}?asOf=${end}`;
    const others = await get(path, 'reseller', purchase.anotherReseller);
    expect(others.body).to.include({ code: 'purchase-not-found' });
    expect((await get(path, 'analyst')).status).to.equal(200);
    expect((await asOf(`/v1/purchases/${aThird}`, 0n, 'analyst')).status).to.equal(404);
  });

  it('is refused of a purchase whose month has too many to be added up', async () => {
    const row = await db()(purchases.table).where({ purchase_id: aThird }).first<object>();
    const id = (nth: number) => `5d0b2a52-3c5e-5a0e-9d0a-1${String(nth).padStart(11, '0')}`;
    const many = Array.from({ length: MOST_PURCHASES }, (_, nth) => ({
      ...{ ...row, purchase_id: id(nth), month: purchase.inJanuary.slice(0, 7) },
    }));
    await db().batchInsert(purchases.table, many);
    const path = `/v1/purchases/${aThird}`;
    expect((await asOf(path, end, 'analyst')).body).to.include({ code: 'month-too-large' });
    expect((await get(path, 'analyst')).status).to.equal(200);
  });
});
