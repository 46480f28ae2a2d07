import { expect } from 'chai';
import { favouriteIdOf } from '#shared/favourite/identity.ts';
import type { CustomerId, ProductId } from '#shared/ids.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { read, upTo, type Body } from '../support/a-reply.ts';
import { aSystem, type ASystem } from '../support/a-system.ts';
import { ask, aUser, type AUser } from '../support/a-user.ts';
import { waitUntil } from '../support/wait-until.ts';

/** As the sandbox names what it sells; for the first ones, demo customers may still be asking. */
const product = (nth: number) => derivedId('sandbox-product', String(nth)) as ProductId;
const [first, second] = [product(101), product(102)];
type Listed = { readonly items: readonly Body[] };

describe('A favourite whose partner is away', function () {
  this.timeout(180_000);
  let system: ASystem;
  let app: AUser;
  let operator: AUser;
  let list: string;
  /** What is done about them goes by the names of their streams. */
  let streams: readonly string[];
  /** Of what was asked for last: before that is shown, nobody looks. */
  let seen: ReturnType<typeof upTo>;

  before(async () => {
    system = await aSystem({ EFFECT_RETRY_BASE_MS: '50', EFFECT_MAX_ATTEMPTS: '2' });
    await system.start();
    [app, operator] = await Promise.all([aUser(system, 'app'), aUser(system, 'operator')]);
    const customer = { name: 'Ana', email: 'ana@example.com' };
    const { id } = read(await app.post('/v1/customers', customer), 201);
    streams = [first, second].map((one) => `favourite-${favouriteIdOf(id as CustomerId, one)}`);
    list = `/v1/customers/${String(id)}/favourites`;
  });
  after(() => system.remove());

  /** For this product alone: others are asked for at the same time. */
  const fails = async (only: ProductId, times: number): Promise<void> => {
    const body = { api: 'product', mode: 'status', status: 500, only, times };
    const told = await ask('PUT', `${system.sandbox}/sandbox/behaviour`, { body });
    expect(read(told)).to.include({ timesLeft: times });
  };
  const wanted = async (productId: ProductId): Promise<void> => {
    const answer = await app.post(list, { productId });
    read(answer, 202);
    seen = upTo(answer);
  };
  const productsThat = async (status: string): Promise<readonly unknown[]> => {
    const { items } = read(await app.get(`${list}?status=${status}`, seen)) as unknown as Listed;
    return items.map(({ productId }) => productId);
  };
  const comesTo = (productId: ProductId, status: string) =>
    waitUntil(`it is ${status}`, async () => (await productsThat(status)).includes(productId));
  const effectsThat = async (status: string): Promise<readonly Body[]> => {
    const { items } = read(await operator.get(`/v1/effects?status=${status}`)) as unknown as Listed;
    return items.filter(({ stream }) => streams.includes(String(stream)));
  };

  it('is listed once the partner answers, at a later attempt', async () => {
    await fails(first, 1);
    await wanted(first);
    await comesTo(first, 'LISTED');
    const isDone = async () => (await effectsThat('DONE')).some(({ attempts }) => attempts === 2);
    await waitUntil('it took a second attempt', isDone);
  });

  it('is parked when that takes too long, and listed when an operator has it tried again', async () => {
    await fails(second, 2);
    await wanted(second);
    await comesTo(second, 'PARKED');
    expect(await productsThat('LISTED')).to.deep.equal([first]);
    await waitUntil('it is given up', async () => (await effectsThat('PARKED')).length === 1);
    const [parked] = await effectsThat('PARKED');
    read(await operator.post(`/v1/effects/${String(parked?.['id'])}/retry`), 202);
    await comesTo(second, 'LISTED');
    expect(await productsThat('PARKED')).to.deep.equal([]);
    expect(await effectsThat('PARKED')).to.deep.equal([]);
  });
});
