import { expect } from 'chai';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { stationSwapEvents, swapEvents } from '#shared/swap/events.ts';
import { completed, noon } from '#shared/swap/examples.ts';
import { swapIdOf } from '#shared/swap/number.ts';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { stationRoutes } from '../../command-api/station/routes.ts';
import { stationIn } from '../../command-api/station/stations.ts';
import { swapNumbers } from '../../command-api/swap/numbers.ts';
import { occupanciesIn } from '../../command-api/swap/occupancy.ts';
import { swapRoutes } from '../../command-api/swap/routes.ts';

type Made = { readonly id: string; readonly number: number };

const api = (eventStore = inMemoryEventStore()) => {
  const { admit, vacate } = occupanciesIn(eventStore);
  const nextNumber = swapNumbers(eventStore, () => noon);
  const deps = { eventStore, stationBy: stationIn(eventStore), admit, nextNumber };
  const routes = [...stationRoutes({ eventStore, vacate }), ...swapRoutes(deps)];
  const { as, anybody } = aThingApi({ routes });
  const operator = as('operator');
  return {
    ...{ as, anybody, operator, eventStore },
    registered: async (body: object = {}) => {
      const asked = operator.post('/v1/stations').send({ description: 'Posto', ...body });
      return ((await asked.expect(201)).body as Made).id;
    },
    start: (station: string, key?: string) => {
      const asked = as('customer-app').post(`/v1/stations/${station}/transactions`);
      return (key === undefined ? asked : asked.set('Idempotency-Key', key)).send({});
    },
    started: async () => {
      const all: string[] = [];
      for await (const { events } of eventStore.pages(swapEvents, BEGINNING))
        all.push(...events.map(({ data }) => data.swapId));
      return all;
    },
    end: (number: number) =>
      eventStore.append(
        `swap-${swapIdOf(number)}`,
        swapEvents,
        [completed({ swapId: swapIdOf(number) })],
        { expected: 0n, meta },
      ),
  };
};
const codeOf = ({ body }: { readonly body: unknown }) => (body as { readonly code: string }).code;

describe('Starting a transaction', () => {
  it('leaves it pending, under a number that never comes again', async () => {
    const { registered, start } = api();
    const station = await registered();
    const [first, second] = [await start(station).expect(201), await start(station).expect(201)];
    const { id, number } = first.body as Made;
    expect(first.body).to.deep.equal({ id, number, status: 'PENDING', stationId: station });
    expect(number).to.equal(1);
    expect(first.headers).to.include({ location: `/v1/transactions/${id}`, etag: '"0"' });
    expect((second.body as Made).number).to.equal(2);
  });

  it('gives no number twice, however many processes give them away', async () => {
    const store = inMemoryEventStore();
    const processes = [swapNumbers(store, () => noon), swapNumbers(store, () => noon)];
    const given = await Promise.all(
      Array.from({ length: 500 }, (_, nth) => processes[nth % 2]?.() ?? Promise.resolve(0)),
    );
    expect(new Set(given).size).to.equal(500);
    expect(Math.min(...given)).to.equal(1);
  });

  it('is refused where there is no station, or no battery', async () => {
    const { registered, start, started, operator } = api();
    const empty = await registered({ batteryAvailable: false });
    expect(codeOf(await start(empty).expect(409))).to.equal('no-battery-available');
    for (const nowhere of ['5d0b2a52-3c5e-5a0e-9d0a-000000000599', 'nowhere'])
      expect(codeOf(await start(nowhere).expect(404))).to.equal('station-not-found');
    const gone = await registered();
    await operator.delete(`/v1/stations/${gone}`).expect(204);
    expect(codeOf(await start(gone).expect(404))).to.equal('station-not-found');
    expect(await started()).to.deep.equal([]);
  });

  it('answers a repeat as it did the first time, whatever became of the station', async () => {
    const { registered, start, started, operator } = api();
    const station = await registered();
    const first = await start(station, 'k').expect(201);
    await operator.patch(`/v1/stations/${station}`).send({ batteryAvailable: false }).expect(200);
    const again = await start(station, 'k').expect(201);
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers).to.include({ 'idempotent-replayed': 'true' });
    expect(await started()).to.have.length(1);
  });

  it('makes one of many that come under one key at the same moment', async () => {
    const { registered, start } = api();
    const station = await registered();
    const answers = await Promise.all(Array.from({ length: 5 }, () => start(station, 'k')));
    expect(answers.map(({ status }) => status)).to.deep.equal([201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => (body as Made).id)).size).to.equal(1);
  });

  it('is for operators and for the customers’ app', async () => {
    const { as, anybody, registered, operator } = api();
    const path = `/v1/stations/${await registered()}/transactions`;
    await operator.post(path).send({}).expect(201);
    await anybody.post(path).send({}).expect(401);
    for (const role of ['analyst', 'partner', 'auditor'] as const)
      await as(role).post(path).send({}).expect(403);
  });
});

describe('A station that is busy', () => {
  it('cannot be removed before everything at it has ended', async () => {
    const { registered, start, operator, end } = api();
    const station = await registered();
    const numbers = [];
    for (let nth = 0; nth < 3; nth++)
      numbers.push(((await start(station).expect(201)).body as Made).number);
    const remove = () => operator.delete(`/v1/stations/${station}`);
    for (const number of numbers) {
      expect(codeOf(await remove().expect(409))).to.equal('station-busy');
      await end(number);
    }
    await remove().expect(204);
    expect(codeOf(await remove().expect(404))).to.equal('station-not-found');
  });

  it('is either removed or started at when both are asked for at once, by two processes', async () => {
    const store = inMemoryEventStore();
    const [one, other] = [api(store), api(store)];
    for (let nth = 0; nth < 10; nth++) {
      const station = await one.registered();
      const [starting, removing] = await Promise.all([
        one.start(station),
        other.operator.delete(`/v1/stations/${station}`),
      ]);
      expect(['201 409', '404 204']).to.include(`${starting.status} ${removing.status}`);
    }
  });

  it('forgets what has ended, so that what it remembers does not grow for ever', async () => {
    const { registered, start, end, eventStore } = api();
    const station = await registered();
    for (let nth = 0; nth < 120; nth++)
      await end(((await start(station).expect(201)).body as Made).number);
    const { events } = await eventStore.read(`stationSwaps-${station}`, stationSwapEvents);
    const settled = events.flatMap((event) =>
      event.type === 'SwapsSettled' ? event.data.swapIds : [],
    );
    expect(settled).to.have.length(100);
  });
});
