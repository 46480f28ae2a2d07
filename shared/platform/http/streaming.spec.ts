import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Type } from '#shared/kernel/type.ts';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { Rejected } from './problem.ts';
import { route } from './route.ts';

const LARGEST = 1_000;
const MANY = 10_000;

const until = async (isSo: () => boolean) => {
  for (let nth = 0; nth < 500 && !isSo(); nth++)
    await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('What comes and goes piece by piece', () => {
  let heard = '';
  let ended: 'whole' | 'cut' | undefined;
  let given = 0;
  const sending = { letGo: false };

  const pieces = async function* () {
    try {
      for (given = 0; given < MANY; given++) yield await Promise.resolve('x'.repeat(1_000));
    } finally {
      sending.letGo = true;
    }
  };
  const routes = [
    route({
      method: 'post',
      path: '/v1/letters',
      summary: 'Send a letter',
      access: 'anyone',
      uploads: { types: ['text/csv'], largest: LARGEST },
      answers: { 200: Type.Object({ length: Type.Integer(), type: Type.String() }) },
      refusals: { unwanted: { status: 422, title: 'Nobody wants to hear that' } },
      handle: async ({ upload: { type, bytes } }) => {
        heard = '';
        ended = undefined;
        try {
          for await (const chunk of bytes) {
            heard += chunk.toString();
            if (heard.startsWith('no')) return { outcome: 'refused', reason: 'unwanted' } as const;
          }
          ended = 'whole';
        } catch (error) {
          ended = 'cut';
          expect(error).to.be.instanceOf(Rejected);
          throw error;
        }
        return { status: 200, body: { length: heard.length, type } };
      },
    }),
    route({
      method: 'get',
      path: '/v1/letters',
      summary: 'Read all letters',
      access: 'anyone',
      alsoAs: ['text/csv'],
      answers: { 200: Type.Object({ letters: Type.Integer() }) },
      refusals: {},
      handle: ({ wants }) =>
        Promise.resolve(
          wants === 'text/csv'
            ? { status: 200, stream: { type: wants, pieces: pieces() } }
            : { status: 200, body: { letters: MANY } },
        ),
    }),
  ];
  const { app, anybody } = aThingApi({ routes });
  let server: Server;
  const port = () => (server.address() as AddressInfo).port;
  const send = (body: string, type = 'text/csv') =>
    anybody.post('/v1/letters').type(type).send(body);

  before(async () => {
    server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });

  it('is handed on with the type that it came in', async () => {
    const answer = await send('a;b').expect(200);
    expect(answer.body).to.deep.equal({ length: 3, type: 'text/csv' });
  });

  it('is refused in another type, packed, or larger than allowed', async () => {
    await send('{}', 'application/json').expect(415);
    await send('a').set('Content-Encoding', 'gzip').expect(415);
    const answer = await send('x'.repeat(LARGEST + 1)).expect(413);
    expect(answer.body).to.include({ code: 'body-too-large' });
  });

  it('is found too large while it comes, when nobody had said how large it is', async () => {
    const sent = request({ port: port(), path: '/v1/letters', method: 'POST' });
    sent.setHeader('Content-Type', 'text/csv').setHeader('Transfer-Encoding', 'chunked');
    for (let nth = 0; nth < 3; nth++) sent.write('x'.repeat(LARGEST / 2));
    const [response] = (await once(
      sent.on('error', () => undefined),
      'response',
    )) as [{ statusCode: number }];
    expect(response.statusCode).to.equal(413);
    sent.destroy();
  });

  it('is answered though it was not read to its end', async () => {
    const answer = await send('no, thank you').expect(422);
    expect(answer.body).to.include({ code: 'unwanted' });
  });

  it('is known to be cut off when the sender goes away', async () => {
    const sent = request({ port: port(), path: '/v1/letters', method: 'POST' });
    sent.on('error', () => undefined);
    sent.setHeader('Content-Type', 'text/csv').setHeader('Content-Length', 500).write('half');
    await until(() => heard === 'half');
    sent.destroy();
    await until(() => ended !== undefined);
    expect(ended).to.equal('cut');
  });

  it('is sent as it is wanted, and in JSON when nothing is said', async () => {
    const csv = await anybody.get('/v1/letters').set('Accept', 'text/csv').expect(200);
    expect(csv.headers['content-type']).to.match(/^text\/csv/);
    expect(csv.text).to.have.length(MANY * 1_000);
    const answer = await anybody.get('/v1/letters').expect(200);
    expect(answer.body).to.deep.equal({ letters: MANY });
  });

  it('waits for who reads it, and ends when they go away', async () => {
    sending.letGo = false;
    const asked = request({ port: port(), path: '/v1/letters', headers: { accept: 'text/csv' } });
    asked.end();
    await once(
      asked.on('error', () => undefined),
      'response',
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(given).to.be.lessThan(MANY);
    asked.destroy();
    await until(() => sending.letGo);
    expect(sending.letGo).to.equal(true);
  });
});
