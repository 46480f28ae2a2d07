import { expect } from 'chai';
import type { Response } from 'supertest';
import { Type } from '#shared/kernel/type.ts';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { cursorOf, LARGEST_LIST, LONGEST_WAIT_MS } from './query.ts';

const INVALID = [422, 'invalid-request'];
const codeIn = ({ status, body }: Response) => [status, (body as { code: string }).code];
const flawsIn = ({ body }: Response) =>
  (body as { errors: readonly { pointer: string; code: string }[] }).errors.map(
    ({ pointer, code }) => [pointer, code],
  );

const rows = Array.from({ length: 120 }, (_, n) => ({
  id: String(n).padStart(3, '0'),
  size: n % 2,
}));

type List = { readonly items: readonly { id: string }[]; readonly nextCursor: string | null };

describe('A list', () => {
  const { as } = aThingApi({ rows });
  const list = (query: string) => as('auditor').get(`/v1/things?${query}`);
  const listed = async (query: string) => (await list(query).expect(200)).body as List;

  it('comes in pages of fifty, or as many as asked for, each item once', async () => {
    const first = await listed('');
    expect(first.items).to.have.lengthOf(50);
    const second = await listed(`cursor=${String(first.nextCursor)}&limit=${LARGEST_LIST}`);
    expect(second.nextCursor).to.equal(null);
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(ids).to.deep.equal(rows.map(({ id }) => id));
  });

  it('ends exactly where its last page is full', async () => {
    expect((await listed('limit=120')).nextCursor).to.equal(null);
    expect((await listed('limit=119')).nextCursor).to.be.a('string');
  });

  it('is filtered by what the route declares', async () => {
    expect((await listed('size=1&limit=200')).items).to.have.lengthOf(60);
    expect(flawsIn(await list('colour=red').expect(422))).to.deep.equal([
      ['/colour', 'unknown-parameter'],
    ]);
    expect(flawsIn(await list('__proto__=1').expect(422))).to.deep.equal([
      ['/__proto__', 'unknown-parameter'],
    ]);
  });

  it('takes a limit from 1 to 200, once', async () => {
    for (const limit of ['0', '-1', '201', 'ten', '1.5', '', '1&limit=2', '1e999'])
      expect(codeIn(await list(`limit=${limit}`)), limit).to.deep.equal(INVALID);
    await list('limit=1').expect(200);
    await list('limit=200').expect(200);
  });

  it('takes no cursor that it has not given', async () => {
    const encoded = (value: unknown) =>
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
    const given = String((await listed('limit=1')).nextCursor);
    const wrong = [
      ...['nonsense', `${given.slice(0, -3)}!!!`, given.slice(3), 'x'.repeat(600), ''],
      ...[{ id: 7 }, {}, null, { id: '' }, { id: 'a\0' }, { id: '\ud800' }, '{"id":'].map(encoded),
    ];
    for (const cursor of wrong) {
      const answer = await list(`cursor=${encodeURIComponent(cursor)}`);
      expect(codeIn(answer), cursor).to.deep.equal(INVALID);
      expect(flawsIn(answer)[0]?.[0]).to.equal('/cursor');
    }
  });

  it('takes no text that could not be stored', async () => {
    expect(flawsIn(await list('cursor=a%00b').expect(422))).to.deep.equal([
      ['/cursor', 'characters'],
    ]);
  });
});

describe('A cursor', () => {
  it('reads back what was written', () => {
    const place = cursorOf(Type.Object({ at: Type.String(), id: Type.Integer() }));
    const written = place.write({ at: 'é', id: 7 });
    expect(written).to.match(/^[A-Za-z0-9_-]+$/);
    expect(place.read(written)).to.deep.equal({ at: 'é', id: 7 });
    expect(place.read(undefined)).to.equal(undefined);
  });
});

describe('One thing', () => {
  it('is answered with its revision as the tag for If-Match', async () => {
    const { anybody } = aThingApi({ rows });
    const answer = await anybody.get('/v1/things/007').expect(200);
    expect(answer.headers['etag']).to.equal('"3"');
    expect(answer.body).to.deep.equal({ id: '007', size: 1 });
  });
});

describe('Min-Log-Position', () => {
  type Wait = [views: readonly string[], position: bigint, waitMs: number];
  const waited = async (headers: Record<string, string>, isReached = true) => {
    const waits: Wait[] = [];
    const { anybody } = aThingApi({
      rows,
      reached: (...wait) => {
        waits.push(wait);
        return Promise.resolve(isReached);
      },
    });
    return { waits, answer: await anybody.get('/v1/things/007').set(headers) };
  };

  it('waits for the views of the route, five seconds at most', async () => {
    const { waits, answer } = await waited({ 'Min-Log-Position': '42' });
    expect(waits).to.deep.equal([[['things'], 42n, LONGEST_WAIT_MS]]);
    expect(answer.status).to.equal(200);
  });

  it('is waited for no longer than the caller prefers', async () => {
    const preferred: readonly (readonly [string, number])[] = [
      ['wait=2', 2_000],
      ['wait=0', 0],
      ['respond-async, wait=1', 1_000],
      ['Wait = "3"; priority=5', 3_000],
      ['wait=60', LONGEST_WAIT_MS],
      ['wait=soon', LONGEST_WAIT_MS],
      ['no-wait=1', LONGEST_WAIT_MS],
    ];
    for (const [prefer, expected] of preferred) {
      const { waits } = await waited({ 'Min-Log-Position': '42', Prefer: prefer });
      expect(waits[0]?.[2], prefer).to.equal(expected);
    }
  });

  it('is answered 503 when the view has not got there', async () => {
    const { answer } = await waited({ 'Min-Log-Position': '42' }, false);
    expect(codeIn(answer)).to.deep.equal([503, 'read-model-behind']);
    expect(answer.headers['retry-after']).to.equal('1');
  });

  it('need not be said', async () => {
    const { waits, answer } = await waited({ Prefer: 'wait=1' }, false);
    expect([waits.length, answer.status]).to.deep.equal([0, 200]);
  });

  it('is a position that there can be', async () => {
    for (const position of ['-1', '1.5', 'x', '', '9223372036854775808', '1'.repeat(20)]) {
      const { waits, answer } = await waited({ 'Min-Log-Position': position });
      expect(codeIn(answer), position).to.deep.equal(INVALID);
      expect(waits).to.deep.equal([]);
    }
    const { answer } = await waited({ 'Min-Log-Position': '9223372036854775807' });
    expect(answer.status).to.equal(200);
  });
});
