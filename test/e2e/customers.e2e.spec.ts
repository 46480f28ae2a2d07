import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { derivedId } from '#shared/kernel/identity.ts';
import { allThatIsKept, foundIn } from '../support/all-that-is-kept.ts';
import { aSystem, type ASystem } from '../support/a-system.ts';
import { ask, aUser, type AUser, type Reply } from '../support/a-user.ts';
import { waitUntil } from '../support/wait-until.ts';

type Body = Readonly<Record<string, unknown>>;
type Listed = { readonly items: readonly Body[] };

const CPF = '39053344705';
const NAME = 'Zuleica Quintanilha Prova';
const EMAIL = 'zuleica.prova@example.com';
const PASSWORD = 'uma senha que ninguem sabe';
const MONTH = '2026-01';
/** Nothing else in the system is called so. */
const WORDS = ['zuleica', 'quintanilha', CPF, '390.533.447-05', PASSWORD];
const product = (nth: number) => derivedId('sandbox-product', String(nth));
const NO_PRODUCT = '00000000-0000-5000-8000-000000000001';
const NOTICED_WITHIN_MS = 5_000;

const read = ({ status, body }: Reply, expected = 200): Body => {
  expect(status, JSON.stringify(body)).to.equal(expected);
  return body as Body;
};
const upTo = ({ headers }: Reply) => ({ 'Min-Log-Position': headers.get('log-position') ?? '' });

describe('A person, from their first favourite until they are forgotten', function () {
  this.timeout(180_000);

  let system: ASystem;
  let app: AUser;
  let operator: AUser;
  let analyst: AUser;
  let partner: AUser;
  let erp: AUser;
  let customer: string;
  let reseller: string;
  let activation: string;

  before(async () => {
    // What fails is tried again so late that it waits until the end.
    system = await aSystem({ EFFECT_RETRY_BASE_MS: '600000', LOG_LEVEL: 'info' });
    await system.start();
    [app, operator, analyst, partner, erp] = await Promise.all([
      ...['app', 'operator', 'analyst1', 'partner1', 'erp'].map((name) => aUser(system, name)),
    ] as [Promise<AUser>, Promise<AUser>, Promise<AUser>, Promise<AUser>, Promise<AUser>]);
  });
  after(() => system.remove());

  const lastro = (...args: readonly string[]) => {
    const asked = [resolve('cli/lastro.mjs'), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, asked, {
      env: system.environment,
      encoding: 'utf8',
    });
    expect(status, stderr || stdout).to.equal(0);
    return stdout;
  };
  const favourites = async (query = ''): Promise<readonly Body[]> => {
    const { status, body } = await app.get(`/v1/customers/${customer}/favourites${query}`);
    return status === 200 ? (body as Listed).items : [];
  };

  it('keeps a list of products that the partner knows', async () => {
    const registered = await app.post('/v1/customers', { name: NAME, email: EMAIL });
    customer = String(read(registered, 201)['id']);
    const again = await app.post('/v1/customers', { name: 'Bia', email: EMAIL.toUpperCase() });
    expect(read(again, 409)).to.include({ code: 'email-taken' });

    const path = `/v1/customers/${customer}/favourites`;
    const twice = [1, 1].map(() => app.post(path, { productId: product(1) }));
    for (const answer of await Promise.all(twice)) read(answer, 202);
    for (const productId of [product(2), NO_PRODUCT])
      read(await app.post(path, { productId }), 202);
    await waitUntil('what there is is listed', async () => (await favourites()).length === 2);
    const [newest] = await favourites();
    expect(newest).to.include({ productId: product(2), available: true });
    expect(newest).to.include.keys('title', 'image', 'price', 'brand', 'link');
    await waitUntil('and what there is not is refused', async () => {
      const refused = await favourites('?status=REFUSED');
      return refused.length === 1;
    });
    const removed = await app.remove(`${path}/${product(2)}`);
    read(removed, 204);
    const held = read(await app.get(`/v1/customers/${customer}/personal-data`, upTo(removed)));
    expect(JSON.stringify(held)).to.include(EMAIL).and.include(product(2));
  });

  it('buys, sells, and is told by e-mail', async () => {
    const registration = { fullName: NAME, cpf: CPF, email: EMAIL, password: PASSWORD };
    const registered = await ask('POST', `${system.commandApi}/v1/resellers`, {
      body: registration,
    });
    reseller = String(read(registered, 201)['id']);
    const own = await aUser(system, EMAIL, PASSWORD);
    const purchase = { code: 'Z-1', amount: '800.00', date: `${MONTH}-10`, cpf: CPF };
    read(await own.post('/v1/purchases', purchase), 201);

    const products = [{ type: 'A', value: '10.00', qty: 1 }];
    const buyer = { document: CPF, name: NAME };
    const sale = { sold_at: '2026-01-02 00:00:00', customer: buyer, total: '10.00', products };
    read(await erp.post('/api/cashback', sale), 201);
    read(await erp.post('/api/cashback', { ...sale, total: '9.99' }), 422);

    const request = { customerMid: 'mid-17', customerEmail: EMAIL };
    activation = String(read(await partner.post('/v1/activations', request), 201)['id']);
    const told = async () => (await ask('GET', `${system.mail}/messages?to=${EMAIL}`)).body;
    await waitUntil('they are told', async () => JSON.stringify(await told()).includes(EMAIL));
    // From now on no mail leaves: the next one waits.
    const away = { mode: 'refuse-temporary' };
    await ask('PUT', `${system.mail}/behaviour`, { body: away });
    read(await analyst.post(`/v1/activations/${activation}/approve`));
    const waiting = async () =>
      ((await operator.get('/v1/effects?status=WAITING')).body as Listed).items.filter(
        ({ attempts }) => attempts === 1,
      );
    await waitUntil('a mail waits', async () => (await waiting()).length === 1);
  });

  it('is not forgotten while they are due something', async () => {
    const path = `/v1/resellers/${reseller}/erase`;
    const early = await operator.post(path, { reason: 'A pedido' });
    expect(read(early, 409)).to.include({ code: 'month-open' });
    read(await operator.post(path, { reason: `A pedido de ${NAME}` }), 422);
    read(await analyst.post(`/v1/cashback-months/${MONTH}/close`));
    const before = await allThatIsKept(system);
    // What is looked for further down can be found as long as they are there.
    expect(foundIn({ ...before, log: [], tables: [], logs: [] }, WORDS)).to.not.deep.equal([]);
    expect(foundIn({ ...before, opened: [] }, WORDS)).to.deep.equal([]);
  });

  it('is forgotten by processes that had only just shown them', async () => {
    const path = `/v1/customers/${customer}`;
    expect(read(await app.get(path))).to.include({ name: NAME });
    // The view stands still: what shows now is what the query API remembers of the key.
    system.signal('projections/main', 'SIGSTOP');
    try {
      const gone = await app.remove(path);
      read(gone, 204);
      const shown = async () => read(await app.get(path));
      await waitUntil(
        'it forgets',
        async () => (await shown())['name'] === null,
        NOTICED_WITHIN_MS,
      );
      expect(await shown()).to.deep.equal({ id: customer, name: null, email: null });
      system.signal('projections/main', 'SIGCONT');
      read(await app.get(path, upTo(gone)), 404);
      const receipt = /<(.*)>/.exec(gone.headers.get('link') ?? '')?.[1] ?? '';
      expect(read(await app.get(receipt, upTo(gone)))['what']).to.deep.equal(['name', 'email']);
    } finally {
      system.signal('projections/main', 'SIGCONT');
    }
  });

  it('is forgotten wherever they were, and nothing of them is found anywhere', async () => {
    const erased = async () =>
      operator.post(`/v1/resellers/${reseller}/erase`, { reason: 'A pedido do titular' });
    await waitUntil('they have what they are due', async () => (await erased()).status === 200);
    expect(read(await erased())['what']).to.include.members(['name', 'cpf', 'email']);
    lastro('privacy', 'erase', `activation-${activation}`);
    const waiting = async () =>
      ((await operator.get('/v1/effects?status=WAITING')).body as Listed).items.filter(
        ({ kind }) => kind === 'tell-customer',
      );
    await waitUntil('no mail waits for them', async () => (await waiting()).length === 0);

    const kept = await allThatIsKept(system);
    expect(kept.log.length).to.be.greaterThan(6_000);
    expect(kept.tables.some((row) => row.startsWith('vault.subject_keys'))).to.equal(true);
    expect(kept.tables.some((row) => row.startsWith('graphile_worker.'))).to.equal(true);
    expect(foundIn(kept, WORDS)).to.deep.equal([]);

    const login = { username: EMAIL, password: PASSWORD };
    read(await ask('POST', `${system.commandApi}/v1/auth/token`, { body: login }), 401);
    const auditor = await aUser(system, 'auditor');
    for (const stream of [`customer-${customer}`, `reseller-${reseller}`]) {
      const { status, body } = await auditor.get(`/v1/audit/streams/${stream}`);
      expect({ status, found: WORDS.filter((word) => JSON.stringify(body).includes(word)) }).to.eql(
        { status: 200, found: [] },
      );
    }
    const { views } = JSON.parse(lastro('verify', 'views', '--json')) as { views: unknown };
    expect(views).to.not.equal(undefined);
    expect(foundIn(await allThatIsKept(system), WORDS)).to.deep.equal([]);
  });

  it('leaves an e-mail that can be had again, and a CPF that cannot', async () => {
    read(await app.post('/v1/customers', { name: 'Bia', email: EMAIL }), 201);
    const body = { fullName: 'Bia', cpf: CPF, email: 'bia.prova@example.com', password: PASSWORD };
    const taken = await ask('POST', `${system.commandApi}/v1/resellers`, { body });
    expect(read(taken, 409)).to.include({ code: 'cpf-taken' });
  });
});
