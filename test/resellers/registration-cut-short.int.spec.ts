import { expect } from 'chai';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { reservationEvents } from '#shared/kernel/reservation.ts';
import {
  aCommandApi,
  emptyVault,
  everything,
  withVault,
  type ACommandApi,
} from '../support/a-command-api.ts';
import { aDatabase } from '../support/a-database.ts';
import { crash, crashingBeforeSettling, lookAfter } from '../support/after-a-crash.ts';
import { ana } from '../support/some-resellers.ts';

describe('Registering as a reseller, cut short by a crash,', function () {
  this.timeout(90_000);
  const db = aDatabase(withVault);
  let api: ACommandApi;
  beforeEach(() => {
    api = aCommandApi(db());
  });
  afterEach(() => emptyVault(db()));

  const post = (of: ACommandApi) => of.anybody.post('/v1/resellers').send(ana);

  it('is settled when it is on record, without anybody asking again', async () => {
    await post(crashingBeforeSettling(db(), api.eventStore)).expect(500);
    await api.token('ana@example.com').expect(401);
    await lookAfter(db(), api);
    await api.token('ana@example.com').expect(200);
  });

  it('may be asked for again when only the e-mail was reserved', async () => {
    const { eventStore } = api;
    const append: EventStore['append'] = (stream, ...rest) =>
      stream.startsWith('reseller-') ? crash() : eventStore.append(stream, ...rest);
    const crashing = aCommandApi(db(), { eventStore: { ...eventStore, append } });
    const keyed = (of: ACommandApi) => post(of).set('Idempotency-Key', 'k');
    await keyed(crashing).expect(500);
    expect((await everything(eventStore, reservationEvents)).map(({ type }) => type)).to.eql([
      'ValueReserved',
    ]);
    await keyed(api).expect(201);
    await api.token('ana@example.com').expect(200);
  });
});
