import { expect } from 'chai';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { stationRoutes } from './routes.ts';

const api = () => {
  const eventStore = inMemoryEventStore();
  const vacate = () => Promise.resolve(true);
  const { as, anybody } = aThingApi({ routes: stationRoutes({ eventStore, vacate }) });
  return { as, anybody, operator: as('operator') };
};
const codeOf = ({ body }: { readonly body: unknown }) => (body as { readonly code: string }).code;
const idOf = ({ body }: { readonly body: unknown }) => (body as { readonly id: string }).id;

describe('The station API', () => {
  it('registers a station, with a battery and spoken to in text unless said otherwise', async () => {
    const { operator } = api();
    const made = await operator.post('/v1/stations').send({ description: 'Posto 1' }).expect(201);
    const usual = { description: 'Posto 1', batteryAvailable: true, protocol: 'text' };
    expect(made.body).to.deep.equal({ id: idOf(made), ...usual });
    expect(made.headers).to.include({ location: `/v1/stations/${idOf(made)}`, etag: '"0"' });
    const other = { description: 'Posto 2', batteryAvailable: false, protocol: 'json' };
    const second = await operator.post('/v1/stations').send(other).expect(201);
    expect(second.body).to.deep.equal({ id: idOf(second), ...other });
  });

  it('changes what it is told to change, if the caller has seen what is there', async () => {
    const { operator } = api();
    const made = await operator.post('/v1/stations').send({ description: 'Posto 1' }).expect(201);
    const change = (body: object) =>
      operator
        .patch(`/v1/stations/${idOf(made)}`)
        .set('If-Match', '"0"')
        .send(body);
    const changed = await change({ batteryAvailable: false }).expect(200);
    expect(changed.body).to.include({ description: 'Posto 1', batteryAvailable: false });
    expect(changed.headers).to.include({ etag: '"1"' });
    expect(codeOf(await change({ description: 'x' }).expect(412))).to.equal('stale-revision');
  });

  it('removes a station once, and for good', async () => {
    const { operator } = api();
    const made = await operator.post('/v1/stations').send({ description: 'Posto 1' }).expect(201);
    const path = `/v1/stations/${idOf(made)}`;
    await operator.delete(path).expect(204);
    expect(codeOf(await operator.delete(path).expect(404))).to.equal('station-not-found');
    expect(codeOf(await operator.patch(path).send({}).expect(404))).to.equal('station-not-found');
  });

  it('answers a repeat as it did the first time', async () => {
    const { operator } = api();
    const ask = () =>
      operator.post('/v1/stations').set('Idempotency-Key', 'k').send({ description: 'Posto 1' });
    const [first, second] = [await ask().expect(201), await ask().expect(201)];
    expect(second.body).to.deep.equal(first.body);
    expect(second.headers).to.include({ 'idempotent-replayed': 'true' });
  });

  it('takes no nameless station, and no field that it does not know', async () => {
    const { operator } = api();
    const wrong = [
      ...[{}, { description: '' }, { description: '  ' }, { description: 'x'.repeat(201) }],
      ...[
        { description: 'x', batteryAvailable: 'yes' },
        { description: 'x', protocol: 'xml' },
      ],
      { description: 'x', city: 'Recife' },
    ];
    for (const body of wrong) await operator.post('/v1/stations').send(body).expect(422);
  });

  it('is for operators', async () => {
    const { as, anybody } = api();
    await anybody.post('/v1/stations').send({ description: 'x' }).expect(401);
    for (const role of ['customer-app', 'analyst', 'auditor'] as const)
      await as(role).post('/v1/stations').send({ description: 'x' }).expect(403);
  });
});
