import { expect } from 'chai';
import type { Response } from 'supertest';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { route } from './route.ts';

const problemIn = ({ status, body }: Response) => [status, (body as { code: string }).code];
const rows = [{ id: 'known', size: 1 }];

describe('A request', () => {
  it('is looked at for its caller, their role, what it names, its type and its body, in this order', async () => {
    const { anybody, as } = aThingApi();
    const nonsense = 'not { json';
    const tooLong = 'x'.repeat(65);
    const make = () => anybody.post('/v1/things').type('text/plain');
    const unmade = as('auditor').post('/v1/things').type('text/plain');
    const unnamed = as('analyst').post(`/v1/things/${tooLong}/break`).type('text/plain');

    expect(problemIn(await make().send(nonsense))).to.deep.equal([401, 'unauthenticated']);
    expect(problemIn(await unmade.send(nonsense))).to.deep.equal([403, 'forbidden']);
    expect(problemIn(await unnamed.send(nonsense))).to.deep.equal([404, 'thing-not-found']);
    const asked = () => as('analyst').post('/v1/things/t/break');
    expect(problemIn(await asked().query({ a: 1 }).type('text/plain').send('a'))).to.deep.equal([
      422,
      'invalid-request',
    ]);
    expect(problemIn(await asked().type('text/plain').send('a'))).to.deep.equal([
      415,
      'unsupported-media-type',
    ]);
    expect(problemIn(await asked().type('json').send(nonsense))).to.deep.equal([
      400,
      'malformed-json',
    ]);
    expect(problemIn(await asked().send({ a: 1 }))).to.deep.equal([422, 'invalid-request']);
    expect(problemIn(await asked().send({}))).to.deep.equal([404, 'thing-unknown']);
  });

  it('is everybody’s where a route is for anyone, with or without a token', async () => {
    const { anybody, as } = aThingApi({ rows });
    await anybody.get('/v1/things/known').expect(200);
    await as('erp').get('/v1/things/known').expect(200);
  });

  it('is always possible for an admin', async () => {
    const { as } = aThingApi();
    await as('admin').post('/v1/things').send({ size: 1 }).expect(201);
  });

  it('comes from nobody while the account of its token is disabled', async () => {
    const { as } = aThingApi({ isDisabled: () => true });
    const answer = await as('admin').post('/v1/things').send({ size: 1 }).expect(401);
    expect(answer.headers['www-authenticate']).to.equal('Bearer realm="lastro"');
  });

  it('comes from nobody when its token is not good', async () => {
    const { anybody } = aThingApi();
    for (const header of ['Bearer', 'Bearer a b', 'Basic YTpi', `Bearer ${tokenOf('admin')}x`])
      await anybody.get('/v1/things').set('Authorization', header).expect(401);
  });
});

describe('A path', () => {
  it('that is not known is answered 404, whoever asks', async () => {
    const { anybody, as } = aThingApi();
    const answers = [
      await anybody.get('/v1/nothing'),
      await as('admin').put('/'),
      await anybody.post('/v1/things/a/b/c').send({}),
    ];
    for (const answer of answers) expect(problemIn(answer)).to.deep.equal([404, 'not-found']);
  });

  it('that is known, asked in a way it is not made for, says in which ways it may be', async () => {
    const { anybody } = aThingApi();
    const answer = await anybody.delete('/v1/things');
    expect(problemIn(answer)).to.deep.equal([405, 'method-not-allowed']);
    expect(answer.headers['allow']).to.equal('POST, GET, HEAD, OPTIONS');
    const broken = await anybody.get('/v1/things/a/break').expect(405);
    expect(broken.headers['allow']).to.equal('POST, OPTIONS');
  });

  it('answers OPTIONS with the ways there are, and HEAD as GET without a body', async () => {
    const { anybody } = aThingApi({ rows });
    const options = await anybody.options('/v1/things').expect(204);
    expect(options.headers['allow']).to.equal('POST, GET, HEAD, OPTIONS');
    const head = await anybody.head('/v1/things/known').expect(200);
    expect(head.headers).to.include({ etag: '"3"' });
    expect(head.text).to.equal(undefined);
  });

  it('names nothing when what it names is no text that could be stored', async () => {
    const { anybody } = aThingApi({ rows });
    for (const id of ['%00', 'a%00b'])
      expect(problemIn(await anybody.get(`/v1/things/${id}`))).to.deep.equal([
        404,
        'thing-not-found',
      ]);
    for (const id of ['%ED%A0%80', '%', '%zz', '%C3%28'])
      expect(problemIn(await anybody.get(`/v1/things/${id}`))).to.deep.equal([404, 'not-found']);
  });
});

describe('A route', () => {
  const careless = route({
    method: 'get',
    path: '/v1/careless',
    summary: 'Refuses for a reason it does not give',
    access: 'anyone',
    answers: { 200: 'empty' },
    refusals: {},
    handle: () => Promise.resolve({ outcome: 'refused', reason: 'surprise' } as never),
  });
  const explained = route({
    method: 'get',
    path: '/v1/explained',
    summary: 'Refuses, and says more',
    access: 'anyone',
    answers: { 200: 'empty' },
    refusals: { 'too-late': { status: 409, title: 'It is too late' } },
    handle: () =>
      Promise.resolve({
        outcome: 'refused' as const,
        reason: 'too-late' as const,
        detail: 'By a day.',
        more: { saleId: 's-1' },
      }),
  });

  it('cannot refuse for a reason that it does not declare', async () => {
    const { anybody } = aThingApi({ routes: [careless] });
    expect(problemIn(await anybody.get('/v1/careless'))).to.deep.equal([500, 'internal']);
  });

  it('may say more about a refusal than it has declared', async () => {
    const { anybody } = aThingApi({ routes: [explained] });
    const asked = anybody.get('/v1/explained').set('X-Correlation-Id', 'c-1');
    expect((await asked.expect(409)).body).to.deep.equal({
      type: '/problems/too-late',
      title: 'It is too late',
      status: 409,
      detail: 'By a day.',
      instance: '/v1/explained',
      code: 'too-late',
      correlationId: 'c-1',
      saleId: 's-1',
    });
  });
});
