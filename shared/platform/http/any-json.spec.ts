import { expect } from 'chai';
import type { Response } from 'supertest';
import { Type } from '#shared/kernel/type.ts';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { route } from './route.ts';

const kept = (path: string, aliasOf?: string) =>
  route({
    method: 'post',
    path,
    ...(aliasOf !== undefined && { aliasOf }),
    summary: 'Keep whatever comes',
    access: ['erp'],
    body: Type.Object({ size: Type.Integer() }),
    takesAnyJson: true,
    answers: { 201: Type.Object({}) },
    refusals: {},
    handle: ({ body, text, asked }) => {
      const { commandId, fingerprint } = asked().meta;
      const shallow = text.length < 100 ? body : 'deep';
      return Promise.resolve({
        status: 201,
        body: { body: shallow, text, commandId, fingerprint },
      });
    },
  });

const codeIn = ({ status, body }: Response) => [status, (body as { code: string }).code];

describe('A route that takes whatever is JSON', () => {
  const { as } = aThingApi({ routes: [kept('/v1/kept'), kept('/old/kept', '/v1/kept')] });
  const post = (text: string, path = '/v1/kept') =>
    as('erp').post(path).type('json').set('Idempotency-Key', 'k').send(text);
  const fingerprintOf = async (text: string) =>
    ((await post(text).expect(201)).body as { fingerprint: string }).fingerprint;

  it('sees it as it is understood and as it came', async () => {
    for (const text of ['{"size": 1.0}', '[]', 'null', '"\\ud800"', '{"a":"\\u0000"}', '7']) {
      const answer = await post(text).expect(201);
      expect(answer.body).to.deep.include({ body: JSON.parse(text) as unknown, text });
    }
  });

  it('is not asked when it is no JSON, of another type or too large', async () => {
    expect(codeIn(await post('{'))).to.deep.equal([400, 'malformed-json']);
    expect(codeIn(await as('erp').post('/v1/kept').type('text').send('1'))).to.deep.equal([
      415,
      'unsupported-media-type',
    ]);
    expect(codeIn(await post(`"${'x'.repeat(2 ** 20)}"`))).to.deep.equal([413, 'body-too-large']);
  });

  it('tells bodies apart that cannot be gone through, for all their nesting', async () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    const deep = await fingerprintOf(nested(200_000));
    expect(await fingerprintOf(nested(200_000))).to.equal(deep);
    expect(await fingerprintOf(nested(200_001))).to.not.equal(deep);
  });
});

describe('A path that is another name of a route', () => {
  it('shares its Idempotency-Keys', async () => {
    const { as } = aThingApi({
      routes: [kept('/v1/kept'), kept('/old/kept', '/v1/kept'), kept('/v1/other')],
    });
    const commandOf = async (path: string) => {
      const asked = as('erp').post(path).set('Idempotency-Key', 'k').send({});
      return ((await asked.expect(201)).body as { commandId: string }).commandId;
    };
    const command = await commandOf('/v1/kept');
    expect(await commandOf('/old/kept')).to.equal(command);
    expect(await commandOf('/v1/other')).to.not.equal(command);
  });
});
