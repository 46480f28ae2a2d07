import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Response } from 'supertest';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { DEEPEST_NESTING } from './storable.ts';

type Flaws = { readonly code: string; readonly errors?: readonly object[] };

const codeIn = ({ status, body }: Response) => [status, (body as Flaws).code];
const flawsIn = ({ body }: Response) => (body as Flaws).errors;

const MALFORMED = [400, 'malformed-json'];
const WRONG_TYPE = [415, 'unsupported-media-type'];
const TOO_LARGE = [413, 'body-too-large'];
const MEBIBYTE = 2 ** 20;

describe('A body', () => {
  const { as } = aThingApi();
  const posted = (body: string | Buffer, type = 'application/json', encoding?: string) => {
    const request = as('partner').post('/v1/things').set('Content-Type', type);
    if (encoding !== undefined) request.set('Content-Encoding', encoding);
    // Bytes as they are: the client would make JSON of a buffer.
    return request.serialize((sent) => sent as unknown as string).send(body);
  };
  const pointers = async (body: string) => flawsIn(await posted(body).expect(422));

  it('is taken when it is JSON, whatever is said of UTF-8', async () => {
    await posted('{"size":1}').expect(201);
    await posted('{"size":1}', 'application/json; charset=UTF-8').expect(201);
    await posted('\uFEFF{"size":1}', 'application/json;charset="utf-8"').expect(201);
    await posted('{"size":1,"note":"ação 🎉"}').expect(201);
  });

  it('that is no JSON is malformed', async () => {
    for (const body of ['{"size":', '{size:1}', "{'size':1}", 'NaN', '{"size":01}', ' '])
      expect(codeIn(await posted(body)), body).to.deep.equal(MALFORMED);
  });

  it('that is not UTF-8 is malformed, and never repaired', async () => {
    const latin1 = Buffer.from('{"size":1,"note":"ação"}', 'latin1');
    expect(codeIn(await posted(latin1))).to.deep.equal(MALFORMED);
  });

  it('is of no other type, and in no other charset', async () => {
    const types = ['text/plain', 'application/xml', 'application/problem+json', 'nonsense'];
    const charsets = ['application/json; charset=latin1', 'application/json; charset=utf-16'];
    for (const type of [...types, ...charsets])
      expect(codeIn(await posted('{"size":1}', type)), type).to.deep.equal(WRONG_TYPE);
  });

  it('need not be there where there is nothing to say', async () => {
    const answer = await as('analyst').post('/v1/things/t/break');
    expect(codeIn(answer)).to.deep.equal([404, 'thing-unknown']);
  });

  it('that is missing where it is needed points at what is missing', async () => {
    const answer = await as('partner').post('/v1/things').expect(422);
    expect(flawsIn(answer)).to.deep.equal([
      { pointer: '/size', code: 'required', message: "must have required property 'size'" },
    ]);
  });

  it('points at everything that is wrong with it, all at once', async () => {
    expect(await pointers('{"size":"1","note":7,"a/b~c":null}')).to.deep.equal([
      {
        pointer: '/a~1b~0c',
        code: 'additional-properties',
        message: 'must NOT have additional properties',
      },
      { pointer: '/size', code: 'type', message: 'must be integer' },
      { pointer: '/note', code: 'type', message: 'must be string' },
    ]);
  });

  it('that is JSON but no object is not valid', async () => {
    for (const body of ['null', '1', '"size"', '[]', 'true'])
      expect(await pointers(body), body).to.deep.equal([
        { pointer: '', code: 'type', message: 'must be object' },
      ]);
  });

  it('cannot reach for the prototype', async () => {
    const found = await pointers('{"size":1,"__proto__":{"note":"a"}}');
    expect(found).to.deep.include.members([
      {
        pointer: '/__proto__',
        code: 'additional-properties',
        message: 'must NOT have additional properties',
      },
    ]);
    expect(({} as Record<string, unknown>)['note']).to.equal(undefined);
  });

  it('holds no text that cannot be stored, neither in values nor in names', async () => {
    const flaw = { code: 'characters', message: 'holds a NUL or half a character' };
    expect(await pointers(String.raw`{"size":1,"note":"a\u0000"}`)).to.deep.equal([
      { pointer: '/note', ...flaw },
    ]);
    expect(await pointers(String.raw`{"size":1,"note":"\ud800"}`)).to.deep.equal([
      { pointer: '/note', ...flaw },
    ]);
    expect(await pointers(String.raw`{"size":1,"labels":{"a/b":["x","\udc00"]}}`)).to.deep.equal([
      { pointer: '/labels/a~1b/1', ...flaw },
    ]);
    expect(await pointers(String.raw`{"size":1,"labels":{"a\u0000":1}}`)).to.deep.equal([
      { pointer: '/labels', ...flaw },
    ]);
  });

  it('is not nested deeper than what comes after us can follow', async () => {
    const nested = (levels: number) =>
      `{"size":1,"labels":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
    await posted(nested(DEEPEST_NESTING - 2)).expect(201);
    const [flaw] = (await pointers(nested(200_000))) ?? [];
    expect(flaw).to.include({ code: 'nesting' });
  });

  it('is not larger than a mebibyte, however it was packed', async () => {
    const large = JSON.stringify({ size: 1, note: 'x'.repeat(2 * MEBIBYTE) });
    expect(codeIn(await posted(large))).to.deep.equal(TOO_LARGE);
    const bomb = gzipSync(Buffer.alloc(200 * MEBIBYTE, ' '));
    expect(bomb.length).to.be.lessThan(MEBIBYTE);
    expect(codeIn(await posted(bomb, 'application/json', 'gzip'))).to.deep.equal(TOO_LARGE);
  }).timeout(30_000);

  it('may be packed in a known way, and must then be whole', async () => {
    const packed = gzipSync('{"size":1}');
    await posted(packed, 'application/json', 'gzip').expect(201);
    const broken = [packed.subarray(0, 12), Buffer.from('{"size":1}')];
    for (const body of broken)
      expect(codeIn(await posted(body, 'application/json', 'gzip'))).to.deep.equal(MALFORMED);
    const unknown = await posted(packed, 'application/json', 'lzma');
    expect(codeIn(unknown)).to.deep.equal(WRONG_TYPE);
  });
});
