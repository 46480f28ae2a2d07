import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { swapIdOf } from '#shared/swap/number.ts';
import { demoStations } from '../../cli/demo-stations.ts';
import { verdictOf } from '../../embedded/equipment/answers.ts';
import { upTo } from '../support/a-reply.ts';
import { aSystem, type ASystem } from '../support/a-system.ts';
import { aUser, type AUser } from '../support/a-user.ts';
import { waitUntil } from '../support/wait-until.ts';

const SEED = 'a seed';
const TRANSACTIONS = 60;
/** Longer than anybody waits here: who answers is to be heard, however slow the machine is. */
const TIMEOUT_MS = 600_000;

type Made = { readonly id: string; readonly number: number };
type Shown = Made & {
  readonly status: string;
  readonly replies: readonly { readonly verdict: string }[];
};

/** One verdict, and the equipment's: what it says before that nobody can understand. */
const isAsItWasSaid = ({ number, status, replies }: Shown) => {
  const verdicts = replies.filter(({ verdict }) => verdict === 'confirm' || verdict === 'error');
  expect(verdicts, `the replies to ${number}`).to.have.length(1);
  const said = verdictOf('garbled', SEED, String(number));
  expect(status, `the end of ${number}`).to.equal(said === 'confirm' ? 'COMPLETED' : 'FAILED');
};

/** One of those that there are from the beginning. */
const demoStation = (protocol: 'text' | 'json', hasBattery = true) => {
  const found = demoStations.find(
    (one) => one.protocol === protocol && one.batteryAvailable === hasBattery,
  );
  if (!found) throw new Error('There is no such demo station');
  return found;
};

describe('Stations, through every process', function () {
  this.timeout(180_000);
  let system: ASystem;
  let operator: AUser;
  let app: AUser;

  before(async () => {
    const settings = {
      ...{ EQUIPMENT_SIMULATOR: 'garbled', EQUIPMENT_SEED: SEED },
      EQUIPMENT_STATIONS: demoStation('json').id,
    };
    system = await aSystem({
      ...{ ...settings, TRANSACTION_TIMEOUT_MS: String(TIMEOUT_MS) },
    });
    await system.start();
    [operator, app] = [await aUser(system, 'operator'), await aUser(system, 'app')];
  });
  after(() => system.remove());

  const registered = async (protocol: 'text' | 'json') => {
    const made = await operator.post('/v1/stations', { description: 'Posto', protocol });
    expect(made.status, JSON.stringify(made.body)).to.equal(201);
    return (made.body as Made).id;
  };
  const shown = async (id: string): Promise<Shown | undefined> => {
    const { status, body } = await app.get(`/v1/transactions/${id}`);
    return status === 200 ? (body as Shown) : undefined;
  };

  const isOver = async ({ id }: Made) => ((await shown(id))?.status ?? 'PENDING') !== 'PENDING';

  it('swap batteries for whoever asks, where there are any', async () => {
    const [empty, station] = [demoStation('text', false).id, await registered('json')];
    const startAt = (id: string, headers = {}) =>
      app.post(`/v1/stations/${id}/transactions`, {}, headers);
    const refused = await startAt(empty);
    expect(refused.status, JSON.stringify(refused.body)).to.equal(409);
    expect(refused.body).to.include({ code: 'no-battery-available' });
    const filled = await operator.patch(`/v1/stations/${empty}`, { batteryAvailable: true });
    expect(filled.status, JSON.stringify(filled.body)).to.equal(200);
    expect((await startAt(empty)).status).to.equal(201);

    const key = { 'Idempotency-Key': 'a swap' };
    const [first, again] = [await startAt(station, key), await startAt(station, key)];
    expect(first.body).to.include({ status: 'PENDING', stationId: station });
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
    const made = first.body as Made;
    const location = first.headers.get('location') ?? '';
    // A machine that has just started everything may say 503 at first: ask again.
    const isShown = async () => (await app.get(location, upTo(first))).status === 200;
    await waitUntil('it is shown', isShown);
    await waitUntil('it is over', () => isOver(made));
    const end = await shown(made.id);
    if (end) isAsItWasSaid(end);

    const listed = await app.get(`/v1/transactions?stationId=${station}`, upTo(first));
    const { items } = listed.body as { readonly items: readonly Made[] };
    expect(items.map(({ number }) => number)).to.deep.equal([made.number]);
    expect((await operator.remove(`/v1/stations/${station}`)).status).to.equal(204);
    expect((await startAt(station)).status).to.equal(404);
  });

  it('say whether their equipment is there', async () => {
    const { id } = demoStation('json');
    const equipment = async () => {
      const { body } = await operator.get(`/v1/stations/${id}`);
      return (body as { readonly equipment?: { readonly online: boolean } }).equipment;
    };
    await waitUntil('it is there', async () => (await equipment())?.online === true);
  });

  it('have every transaction end, once, while gateway and broker are killed', async () => {
    const stations = [await registered('text'), await registered('json')];
    const all: Made[] = [];
    for (let nth = 0; nth < TRANSACTIONS; nth++) {
      const station = stations[nth % 2] ?? '';
      const { status, body } = await app.post(`/v1/stations/${station}/transactions`);
      expect(status).to.equal(201);
      all.push(body as Made);
      if (nth === 20) system.kill('adapters/main.ts');
      if (nth === 40) system.kill('embedded/mqtt/main.ts');
      await pause(10);
    }
    expect(all.map(({ id }) => id)).to.deep.equal(all.map(({ number }) => swapIdOf(number)));
    for (const one of all)
      await waitUntil(`transaction ${one.number} is over`, () => isOver(one), 90_000);

    const ends = await Promise.all(all.map(({ id }) => shown(id)));
    expect(ends.filter(Boolean)).to.have.length(TRANSACTIONS);
    for (const end of ends) if (end) isAsItWasSaid(end);
    for (const station of stations)
      expect((await operator.remove(`/v1/stations/${station}`)).status).to.equal(204);
  });
});
