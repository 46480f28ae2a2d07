import { expect } from 'chai';
import { signInEvents } from '#shared/account/events.ts';
import { StoreAway } from '#shared/kernel/event-store.ts';
import type { Instant } from '#shared/kernel/message.ts';
import {
  aCommandApi,
  codeOf,
  emptyVault,
  everything,
  granted,
  withVault,
  type ACommandApi,
} from '../support/a-command-api.ts';
import { aDatabase } from '../support/a-database.ts';

const MINUTE = 60_000;
type Listed = { readonly id: string; readonly device: string; readonly createdAt: string };

describe('A session', function () {
  this.timeout(90_000);
  const db = aDatabase(withVault);
  let now: number;
  let api: ACommandApi;
  beforeEach(() => {
    now = new Date().getTime();
    api = aCommandApi(db(), { clock: () => new Date(now).toISOString() as Instant });
  });
  afterEach(() => emptyVault(db()));

  const revocations = async () =>
    (await everything(api.eventStore, signInEvents)).flatMap(({ type, data }) =>
      type === 'SessionRevoked' ? [(data as { readonly reason: string }).reason] : [],
    );
  const signedIn = async (username = 'ana') => {
    const id = await api.opened(username);
    return { id, ...granted(await api.token(username).expect(200)) };
  };
  const listed = async (token: string, query = '') => {
    const answer = await api.holding(token).get(`/v1/auth/sessions${query}`).expect(200);
    return answer.body as { readonly items: Listed[]; readonly nextCursor: string | null };
  };

  it('goes on with a new token, and the old one is of no more use', async () => {
    const { id, refresh_token: first } = await signedIn();
    const answer = await api.refresh(first).expect(200);
    const { access_token, refresh_token: second, ...rest } = granted(answer);
    expect(rest).to.deep.equal({ token_type: 'Bearer', expires_in: 900 });
    expect(answer.headers).to.include({ 'cache-control': 'no-store' });
    expect(second).not.to.equal(first);
    expect((await listed(access_token)).items).to.have.length(1);
    await api.refresh(second).expect(200);
    expect(id).to.match(/^[0-9a-f-]{36}$/);
  });

  it('ends when an old token is used again: the one that is good goes with it', async () => {
    const { refresh_token: first, access_token } = await signedIn();
    const second = granted(await api.refresh(first).expect(200)).refresh_token;
    const refused = await api.refresh(first).expect(401);
    expect(codeOf(refused)).to.equal('unauthenticated');
    expect(refused.headers['www-authenticate']).to.match(/^Bearer/);
    await api.refresh(second).expect(401);
    expect(await revocations()).to.deep.equal(['token-reused']);
    expect((await listed(access_token)).items).to.deep.equal([]);
  });

  it('does not go on twice with one token, at the same moment either', async () => {
    const { refresh_token } = await signedIn();
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.refresh(refresh_token)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).to.deep.equal([200, ...Array<number>(7).fill(401)]);
    expect(await revocations()).to.deep.equal(['token-reused']);
    const winner = answers.find(({ status }) => status === 200);
    await api.refresh(winner ? granted(winner).refresh_token : '').expect(401);
  });

  it('is signed out of, once', async () => {
    const { refresh_token, access_token } = await signedIn();
    const { headers } = await api.revoke(refresh_token).expect(204);
    expect(headers).not.to.have.property('content-type');
    await api.revoke(refresh_token).expect(204);
    await api.refresh(refresh_token).expect(401);
    expect(await revocations()).to.deep.equal(['signed-out']);
    expect((await listed(access_token)).items).to.deep.equal([]);
  });

  it('is signed out of with an earlier token too', async () => {
    const { refresh_token: first } = await signedIn();
    const second = granted(await api.refresh(first).expect(200)).refresh_token;
    await api.revoke(first).expect(204);
    await api.refresh(second).expect(401);
    expect(await revocations()).to.deep.equal(['signed-out']);
  });

  it('is no business of whoever has a token that we never gave out', async () => {
    const { refresh_token } = await signedIn();
    const [id = '', secret = '', seal = ''] = refresh_token.split('.');
    const forged = `${id}.${secret}.${seal.replace(/^./, (first) => (first === '0' ? '1' : '0'))}`;
    for (const token of [forged, 'nonsense', '']) {
      await api.refresh(token).expect(401);
      await api.revoke(token).expect(204);
    }
    await api.refresh(refresh_token).expect(200);
    expect(await revocations()).to.deep.equal([]);
  });

  it('ends after a fortnight of silence', async () => {
    const { refresh_token } = await signedIn();
    now += 15 * 24 * 60 * MINUTE;
    await api.refresh(refresh_token).expect(401);
    expect(await revocations()).to.deep.equal([]);
  });

  it('is shown to its owner only, with the device it was opened on', async () => {
    const ana = await signedIn('ana');
    now += MINUTE;
    const credentials = { username: 'ana', password: 'correct horse' };
    const device = `telephone${'x'.repeat(300)}`;
    await api.anybody.post('/v1/auth/token').set('User-Agent', device).send(credentials);
    const bia = await signedIn('bia');

    const { items } = await listed(ana.access_token);
    expect(items.map((item) => item.device.slice(0, 9))).to.deep.equal(['telephone', '']);
    expect(items[0]?.device).to.have.length(120);
    expect(items[0]?.createdAt).to.equal(new Date(now).toISOString());
    expect(items[0]).to.have.all.keys('id', 'device', 'createdAt', 'lastUsedAt', 'expiresAt');
    expect((await listed(bia.access_token)).items).to.have.length(1);
    await api.anybody.get('/v1/auth/sessions').expect(401);
  });

  it('is one of a list that is read page by page', async () => {
    const { access_token } = await signedIn();
    for (let nth = 0; nth < 2; nth++) await api.token('ana').expect(200);
    const first = await listed(access_token, '?limit=2');
    const second = await listed(access_token, `?limit=2&cursor=${first.nextCursor ?? ''}`);
    expect(second.nextCursor).to.equal(null);
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(new Set(ids)).to.have.length(3);
  });

  it('shows when it was last used', async () => {
    const { refresh_token, access_token } = await signedIn();
    now += MINUTE;
    await api.refresh(refresh_token).expect(200);
    const { items } = await listed(access_token);
    expect(items[0]).to.include({ lastUsedAt: new Date(now).toISOString() });
  });

  it('ends though the event store is away, and is put on record later', async () => {
    const { refresh_token: first } = await signedIn();
    const second = granted(await api.refresh(first).expect(200)).refresh_token;
    const { eventStore } = api;
    const append: typeof eventStore.append = () => Promise.reject(new StoreAway('away'));
    const cutOff = aCommandApi(db(), { eventStore: { ...eventStore, append } });
    await cutOff.refresh(first).expect(401);
    await api.refresh(second).expect(401);
    expect(await revocations()).to.deep.equal([]);
    expect(await api.vault.sessions.unrecorded(10)).to.have.length(1);
  });
});
