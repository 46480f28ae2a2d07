import { expect } from 'chai';
import { accountEvents, signInEvents } from '#shared/account/events.ts';
import { StoreAway, type EventStore } from '#shared/kernel/event-store.ts';
import { systemClock, type Clock, type Instant } from '#shared/kernel/message.ts';
import {
  aCommandApi,
  emptyVault,
  everything,
  granted,
  password,
  withVault,
  type ACommandApi,
} from '../support/a-command-api.ts';
import { aDatabase } from '../support/a-database.ts';
import {
  crash,
  crashingBeforeSettling,
  lookAfter as lookAfterIt,
} from '../support/after-a-crash.ts';

const another = 'battery staple';

describe('After a crash', function () {
  this.timeout(90_000);
  const db = aDatabase(withVault);
  let api: ACommandApi;
  beforeEach(() => {
    api = aCommandApi(db());
  });
  afterEach(() => emptyVault(db()));

  const crashing = () => crashingBeforeSettling(db(), api.eventStore);
  /** Ends before anything is in the log. */
  const crashingEarly = () => {
    const eventStore: EventStore = { ...api.eventStore, append: crash };
    return aCommandApi(db(), { eventStore });
  };
  const ana = { username: 'ana', password, role: 'analyst' };

  const lookAfter = (clock?: Clock) => lookAfterIt(db(), api, clock);
  const tomorrow = () => new Date(Date.parse(systemClock()) + 86_400_000).toISOString() as Instant;

  it('an account that is on record can sign in, without anybody asking again', async () => {
    await crashing().admin.post('/v1/accounts').send(ana).expect(500);
    expect(await everything(api.eventStore, accountEvents)).to.have.length(1);
    await api.token('ana').expect(401);
    await lookAfter();
    await api.token('ana').expect(200);
  });

  it('a repeat with the same key settles what was left', async () => {
    const ask = (one: ACommandApi) =>
      one.admin.post('/v1/accounts').set('Idempotency-Key', 'k').send(ana);
    await ask(crashing()).expect(500);
    await ask(api).expect(201);
    await api.token('ana').expect(200);
    expect(await everything(api.eventStore, accountEvents)).to.have.length(1);
  });

  it('an account that is disabled on record is so', async () => {
    const id = await api.opened('ana');
    const { refresh_token } = granted(await api.token('ana').expect(200));
    const disabling = crashing().admin.patch(`/v1/accounts/${id}`).send({ disabled: true });
    await disabling.expect(500);
    await lookAfter();
    await api.token('ana').expect(401);
    await api.refresh(refresh_token).expect(401);
    const types = (await everything(api.eventStore, signInEvents)).map(({ type }) => type);
    expect(types).to.include('SessionRevoked');
  });

  it('a password that was changed on record is the one that is good', async () => {
    const id = await api.opened('ana');
    const change = crashing().admin.patch(`/v1/accounts/${id}`).send({ password: another });
    await change.expect(500);
    await lookAfter();
    await api.token('ana', another).expect(200);
    await api.token('ana').expect(401);
  });

  it('two that were left for one account are settled in their order', async () => {
    await crashing().admin.post('/v1/accounts').send(ana).expect(500);
    const [opened] = await everything(api.eventStore, accountEvents);
    const { accountId } = opened?.data ?? {};
    const change = crashing().admin.patch(`/v1/accounts/${accountId ?? ''}`);
    await change.send({ password: another }).expect(500);
    await lookAfter();
    await api.token('ana', another).expect(200);
  });

  it('what never came into the log is forgotten, but not before it is certain', async () => {
    await crashingEarly().admin.post('/v1/accounts').send(ana).expect(500);
    await lookAfter();
    expect(await api.vault.credentials.unsettled(0, 10)).to.have.length(1);
    await lookAfter(tomorrow);
    expect(await api.vault.credentials.unsettled(0, 10)).to.have.length(0);
    await api.token('ana').expect(401);
    await api.opened('ana');
  });

  it('a session that was ended is put on record as soon as that is possible', async () => {
    await api.opened('ana');
    const { refresh_token } = granted(await api.token('ana').expect(200));
    const append: EventStore['append'] = () => Promise.reject(new StoreAway('away'));
    const cutOff = aCommandApi(db(), { eventStore: { ...api.eventStore, append } });
    await cutOff.revoke(refresh_token).expect(204);
    await lookAfter();
    await lookAfter();
    const events = await everything(api.eventStore, signInEvents);
    expect(events.map(({ type }) => type)).to.deep.equal(['SignedIn', 'SessionRevoked']);
    expect(await api.vault.sessions.unrecorded(10)).to.deep.equal([]);
  });

  it('one that cannot be settled does not keep the others waiting', async () => {
    await crashing().admin.post('/v1/accounts').send(ana).expect(500);
    await crashing()
      .admin.post('/v1/accounts')
      .send({ ...ana, username: 'bia' })
      .expect(500);
    const [first] = await api.vault.credentials.unsettled(0, 1);
    const { eventStore } = api;
    const read: EventStore['read'] = (stream, contract) =>
      stream === first?.stream ? crash() : eventStore.read(stream, contract);
    const healthy = api;
    api = { ...api, eventStore: { ...eventStore, read } };
    const fault: unknown = await lookAfter().catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(AggregateError);
    await healthy.token('bia').expect(200);
  });
});
