import { expect } from 'chai';
import type { Response } from 'supertest';
import { BEGINNING, StoreAway, StreamMoved, type EventStore } from '#shared/kernel/event-store.ts';
import { thingEvents } from '#shared/testing/a-thing.ts';
import { aThingApi, noon, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';

const codeIn = ({ status, body }: Response) => [status, (body as { code: string }).code];
const pathIn = ({ headers }: Response) => String(headers['location']);

const eventsIn = async (eventStore: EventStore) => {
  const pages = [];
  for await (const { events } of eventStore.pages(thingEvents, BEGINNING)) pages.push(...events);
  return pages;
};

describe('An accepted command', () => {
  it('says what was made, where it is, its revision, and where it stands in the log', async () => {
    const eventStore = inMemoryEventStore();
    const { as } = aThingApi({ eventStore });
    const made = await as('partner').post('/v1/things').send({ size: 2 }).expect(201);
    const id = (made.body as { id: string }).id;
    expect(made.body).to.deep.equal({ id, size: 2 });
    expect(made.headers).to.include({
      etag: '"0"',
      location: `/v1/things/${id}`,
      'log-position': String(await eventStore.end()),
    });
    expect(made.headers).not.to.have.property('idempotent-replayed');

    const broken = await as('analyst').post(`/v1/things/${id}/break`).expect(200);
    const end = String(await eventStore.end());
    expect(broken.headers).to.include({ etag: '"1"', 'log-position': end });
    expect(broken.headers).not.to.have.property('location');
  });

  it('is on record with who, when, why and the trace that it came with', async () => {
    const eventStore = inMemoryEventStore();
    const { anybody } = aThingApi({ eventStore });
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await anybody
      .post('/v1/things')
      .set('Authorization', `Bearer ${tokenOf('partner', { sub: 'u-1' })}`)
      .set({ 'X-Correlation-Id': 'c-1', 'Idempotency-Key': 'k-1', traceparent })
      .send({ size: 1 })
      .expect(201);
    const [event] = await eventsIn(eventStore);
    expect(event?.meta).to.include({ correlationId: 'c-1', at: noon, traceparent });
    expect(event?.meta.actor).to.deep.equal({ id: 'u-1', role: 'partner' });
    expect(event?.meta.causationId).to.equal(event?.meta.commandId);
    expect(JSON.stringify(event?.meta)).not.to.include('k-1');
  });
});

describe('An Idempotency-Key', () => {
  const started = () => {
    const eventStore = inMemoryEventStore();
    const { as } = aThingApi({ eventStore });
    const make = (body: string, key = 'k-1', path = '/v1/things') =>
      as('partner').post(path).type('json').set('Idempotency-Key', key).send(body);
    return { eventStore, as, make };
  };

  it('gives the same answer again, and adds nothing', async () => {
    const { eventStore, make } = started();
    const first = await make('{"size":1,"note":"a"}').expect(201);
    const second = await make('{"note":"a","size":1}').expect(201);
    expect(second.body).to.deep.equal(first.body);
    for (const name of ['etag', 'location', 'log-position'])
      expect(second.headers[name], name).to.equal(first.headers[name]);
    expect(first.headers).not.to.have.property('idempotent-replayed');
    expect(second.headers).to.include({ 'idempotent-replayed': 'true' });
    expect(await eventsIn(eventStore)).to.have.lengthOf(1);
  });

  it('gives it however much has happened since, and whatever the path looks like', async () => {
    const { eventStore, as, make } = started();
    const first = await make('{"size":1}').expect(201);
    const made = pathIn(first);
    const end = (path: string) => as('analyst').post(path).set('Idempotency-Key', 'k-2');
    const broken = await end(`${made}/break`).expect(200);
    const packed = made.replace(/.$/, (last) => `%${last.charCodeAt(0).toString(16)}`);
    for (const path of [`${made}/break`, `${made}/BREAK/`, `${packed}/break`]) {
      const again = await end(path).expect(200);
      expect(again.headers, path).to.include({ 'idempotent-replayed': 'true' });
      expect(again.body).to.deep.equal(broken.body);
    }
    const again = await make('{"size":1}', 'k-1', '/V1/things/').expect(201);
    expect([again.body, again.headers['etag']]).to.deep.equal([first.body, '"0"']);
    expect(await eventsIn(eventStore)).to.have.lengthOf(2);
  });

  it('is for one body only', async () => {
    const { make } = started();
    await make('{"size":1}').expect(201);
    expect(codeIn(await make('{"size":2}'))).to.deep.equal([422, 'idempotency-key-reused']);
  });

  it('is its caller’s own, and its route’s', async () => {
    const { eventStore, as, make } = started();
    await make('{"size":1}').expect(201);
    await as('admin').post('/v1/things').set('Idempotency-Key', 'k-1').send({ size: 1 });
    await make('{"size":1}', 'k-2').expect(201);
    expect(await eventsIn(eventStore)).to.have.lengthOf(3);
  });

  it('is about one thing: the same key for another names another command', async () => {
    const { eventStore, as, make } = started();
    for (const key of ['k-1', 'k-2']) {
      const made = await make('{"size":1}', key).expect(201);
      const end = as('analyst')
        .post(`${pathIn(made)}/break`)
        .set('Idempotency-Key', 'k');
      await end.expect(200);
    }
    const commands = (await eventsIn(eventStore)).map(({ meta: { commandId } }) => commandId);
    expect(new Set(commands)).to.have.lengthOf(4);
  });

  it('is found before If-Match is looked at', async () => {
    const { as, make } = started();
    const made = await make('{"size":1}').expect(201);
    const end = () =>
      as('analyst')
        .post(`${pathIn(made)}/break`)
        .set('If-Match', '"0"');
    await end().set('Idempotency-Key', 'k-2').expect(200);
    await end().set('Idempotency-Key', 'k-2').expect(200);
    await end().set('Idempotency-Key', 'k-3').expect(412);
  });

  it('is not used up by a refusal', async () => {
    const { as, make } = started();
    const end = (path: string) => as('analyst').post(path).set('Idempotency-Key', 'k-2');
    const made = await make('{"size":1}').expect(201);
    expect(codeIn(await end('/v1/things/none/break'))).to.deep.equal([404, 'thing-unknown']);
    await end(`${pathIn(made)}/break`).expect(200);
  });

  it('has at most 255 characters, all of them printable', async () => {
    const { make } = started();
    await make('{"size":1}', 'k'.repeat(255)).expect(201);
    for (const key of ['', 'k'.repeat(256), 'é'])
      expect(codeIn(await make('{"size":1}', key)), key).to.deep.equal([422, 'invalid-request']);
  });
});

describe('If-Match', () => {
  it('lets a command pass when the revision is one that the caller has seen', async () => {
    const matching = ['"0"', '*', '"7", "0"', 'W/"1", "0"'];
    const stale = ['"1"', 'W/"0"', '"7","8"', '"00"', '""'];
    const { as } = aThingApi();
    const end = async (tags: string) => {
      const made = await as('partner').post('/v1/things').send({ size: 1 }).expect(201);
      return as('analyst')
        .post(`${pathIn(made)}/break`)
        .set('If-Match', tags);
    };
    for (const tags of matching) expect((await end(tags)).status, tags).to.equal(200);
    for (const tags of stale)
      expect(codeIn(await end(tags)), tags).to.deep.equal([412, 'stale-revision']);
    for (const tags of ['0', '"0', '"0" "1"', ',', 'w/"0"'])
      expect(codeIn(await end(tags)), tags).to.deep.equal([422, 'invalid-request']);
  });
});

describe('A command that cannot be handled now', () => {
  const failing = (error: Error) => {
    const append = () => Promise.reject(error);
    return aThingApi({ eventStore: { ...inMemoryEventStore(), append } }).as('partner');
  };

  it('is a conflict when others keep writing', async () => {
    const answer = await failing(new StreamMoved('thing-1')).post('/v1/things').send({ size: 1 });
    expect(codeIn(answer)).to.deep.equal([409, 'conflict']);
  });

  it('may be sent again when the event store is away', async () => {
    const answer = await failing(new StoreAway('no answer')).post('/v1/things').send({ size: 1 });
    expect(codeIn(answer)).to.deep.equal([503, 'event-store-unavailable']);
    expect(answer.headers['retry-after']).to.match(/^\d+$/);
  });

  it('may be sent again when the database is away', async () => {
    const error = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const answer = await failing(error).post('/v1/things').send({ size: 1 });
    expect(codeIn(answer)).to.deep.equal([503, 'database-unavailable']);
    expect(answer.headers['retry-after']).to.match(/^\d+$/);
  });

  it('may be sent again when a table is still to be made', async () => {
    const error = Object.assign(new Error('no such relation'), { code: '42P01' });
    const answer = await failing(error).post('/v1/things').send({ size: 1 });
    expect(codeIn(answer)).to.deep.equal([503, 'read-model-behind']);
  });
});
