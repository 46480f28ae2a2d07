import { expect } from 'chai';
import type { Response } from 'supertest';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { problems, Rejected } from './problem.ts';
import { route } from './route.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const rows = [{ id: 'known', size: 1 }];

const codeIn = ({ status, body }: Response) => [status, (body as { code: string }).code];

describe('Every answer', () => {
  it('has the correlation id of its request', async () => {
    const { anybody } = aThingApi();
    const ids = ['c-1', 'a/b+c=d~e', 'x'.repeat(128)];
    for (const id of ids) {
      const answer = await anybody.get('/v1/things').set('X-Correlation-Id', id).expect(401);
      expect(answer.headers['x-correlation-id']).to.equal(id);
      expect(answer.body).to.include({ correlationId: id });
    }
  });

  it('has one of our own where the request had none that could be kept', async () => {
    const { anybody } = aThingApi();
    const ids = new Set<string>();
    for (const id of ['', 'a b', 'é', 'x'.repeat(129)]) {
      const answer = await anybody.get('/v1/nothing').set('X-Correlation-Id', id).expect(404);
      ids.add(String(answer.headers['x-correlation-id']));
      expect(answer.headers['x-correlation-id'], id).to.match(UUID);
    }
    expect(ids).to.have.lengthOf(4);
  });

  it('keeps browsers from guessing, framing and telling what software this is', async () => {
    const { headers } = await aThingApi().anybody.get('/v1/nothing');
    expect(headers).to.include({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
    });
    expect(headers).not.to.have.any.keys('x-powered-by', 'server');
  });

  it('is counted once, by the route and not by the path', async () => {
    const { anybody, as, observed } = aThingApi({ rows });
    await anybody.get('/v1/things/known');
    await anybody.get('/v1/things/another');
    await as('partner').post('/v1/things').send({});
    await anybody.get('/v1/nothing/123');
    expect(observed.map(({ method, route, status }) => [method, route, status])).to.deep.equal([
      ['GET', '/v1/things/{id}', 200],
      ['GET', '/v1/things/{id}', 404],
      ['POST', '/v1/things', 422],
      ['GET', 'none', 404],
    ]);
    for (const { seconds } of observed) expect(seconds).to.be.within(0, 5);
  });
});

describe('A problem', () => {
  it('is told as RFC 9457 has it', async () => {
    const asked = aThingApi().anybody.get('/v1/things?cursor=secret');
    const answer = await asked.set('X-Correlation-Id', 'c-1').expect(401);
    expect(answer.headers['content-type']).to.equal('application/problem+json; charset=utf-8');
    expect(answer.body).to.deep.equal({
      type: '/problems/unauthenticated',
      title: 'A valid access token is needed',
      status: 401,
      detail: 'Send "Authorization: Bearer <access token>"; get one from POST /v1/auth/token.',
      instance: '/v1/things',
      code: 'unauthenticated',
      correlationId: 'c-1',
    });
  });

  it('of our own making says nothing about us', async () => {
    const secret = 'password authentication failed for user "lastro" at 10.0.0.7';
    const append = () => Promise.reject(new Error(secret, { cause: new TypeError('select *') }));
    const { as } = aThingApi({ eventStore: { ...inMemoryEventStore(), append } });
    const answer = await as('partner').post('/v1/things').send({ size: 1 }).expect(500);
    expect(answer.body).to.have.all.keys(
      ...['type', 'title', 'status', 'instance', 'code', 'correlationId'],
    );
    expect(answer.body).to.include({ code: 'internal', type: '/problems/internal' });
    expect(answer.text).not.to.match(/lastro|10\.0|select|Error|at /);
  });

  it('that nobody foresaw is still a problem', async () => {
    const broken = (thrown: unknown) =>
      route({
        method: 'get',
        path: '/v1/broken',
        summary: 'Breaks',
        access: 'anyone',
        answers: { 200: 'empty' },
        refusals: {},
        handle: () => {
          throw thrown;
        },
      });
    for (const thrown of ['a string', undefined, null, { status: 200 }, { status: 418 }]) {
      const { anybody } = aThingApi({ routes: [broken(thrown)] });
      const answer = await anybody.get('/v1/broken');
      expect(codeIn(answer), JSON.stringify(thrown)).to.deep.equal([500, 'internal']);
    }
    const { anybody } = aThingApi({ routes: [broken(new Rejected(problems.tooLarge))] });
    expect(codeIn(await anybody.get('/v1/broken'))).to.deep.equal([413, 'body-too-large']);
  });
});

describe('Callers', () => {
  it('who ask too often are told when to come back, each on their own', async () => {
    const { as, anybody } = aThingApi({ rows, requestsPerSecond: 3 });
    const seen = () => as('auditor').get('/v1/things/known');
    const answers = await Promise.all([seen(), seen(), seen(), seen()]);
    const [refused, ...more] = answers.filter(({ status }) => status !== 200);
    expect(more).to.deep.equal([]);
    expect(refused && codeIn(refused)).to.deep.equal([429, 'too-many-requests']);
    expect(refused?.headers['retry-after']).to.equal('1');
    expect(refused?.headers).to.have.property('ratelimit');
    await as('partner').get('/v1/things/known').expect(200);
    await anybody.get('/v1/things/known').expect(200);
  });

  it('without a name are told apart by the address that our proxies saw', async () => {
    const statuses = async (addresses: readonly string[], proxies?: number) => {
      const { anybody } = aThingApi({
        ...{ rows, requestsPerSecond: 1 },
        ...(proxies !== undefined && { proxies }),
      });
      const found = [];
      for (const address of addresses) {
        const asked = anybody.get('/v1/things/known').set('X-Forwarded-For', address);
        found.push((await asked).status);
      }
      return found;
    };
    const TWO = ['192.0.2.1', '192.0.2.2', '192.0.2.1'];
    expect(await statuses(TWO, 1)).to.deep.equal([200, 200, 429]);
    expect(await statuses(TWO)).to.deep.equal([200, 429, 429]);
    expect(await statuses(['9.9.9.9, 192.0.2.1', '8.8.8.8, 192.0.2.1'], 1)).to.deep.equal([
      200, 429,
    ]);
    const oneNetwork = ['2001:db8:1:1::1', '2001:db8:1:1::2'];
    expect(await statuses(oneNetwork, 1)).to.deep.equal([200, 429]);
  });
});

describe('Pages from elsewhere', () => {
  const origin = 'https://partner.example';

  it('may ask where their origin was named, and read what they need', async () => {
    const { anybody } = aThingApi({ rows, corsOrigins: [origin] });
    const answer = await anybody.get('/v1/things/known').set('Origin', origin).expect(200);
    expect(answer.headers).to.include({ 'access-control-allow-origin': origin });
    const exposed = String(answer.headers['access-control-expose-headers']).split(',');
    const needed = ['ETag', 'Location', 'Log-Position', 'Idempotent-Replayed', 'Retry-After'];
    expect(exposed).to.include.members([...needed, 'X-Correlation-Id']);

    const asked = anybody.options('/v1/things').set({
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization,idempotency-key,if-match',
    });
    const { headers } = await asked.expect(204);
    expect(headers['access-control-allow-headers']).to.include('idempotency-key');
  });

  it('may not where it was not', async () => {
    const named = aThingApi({ rows, corsOrigins: [origin] }).anybody;
    const others = await named.get('/v1/things/known').set('Origin', 'https://evil.example');
    expect(others.headers).not.to.have.property('access-control-allow-origin');
    const nobody = await aThingApi({ rows }).anybody.get('/v1/things/known').set('Origin', origin);
    expect(nobody.headers).not.to.have.property('access-control-allow-origin');
  });
});

describe('A token', () => {
  it('is good for whoever it names, and only that', async () => {
    const { anybody } = aThingApi({ isDisabled: (id) => id === 'gone' });
    const asked = (sub: string) =>
      anybody.get('/v1/things').set('Authorization', `bearer ${tokenOf('auditor', { sub })}`);
    await asked('there').expect(200);
    await asked('gone').expect(401);
  });
});
