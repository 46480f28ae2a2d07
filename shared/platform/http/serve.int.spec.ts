import { EventEmitter, once } from 'node:events';
import {
  Agent,
  get,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { PortInUse } from '../lifecycle.ts';
import { LOOPBACK } from '../listen.ts';
import { serve, type Served } from './serve.ts';

const place = { port: 0, variable: 'A_PORT', host: LOOPBACK };

describe('A server', () => {
  const opened: Served[] = [];
  const agents: Agent[] = [];
  afterEach(async () => {
    for (const agent of agents.splice(0)) agent.destroy();
    for (const served of opened.splice(0)) await served.close();
  });

  const served = async (app: RequestListener) => {
    const one = await serve(app, place);
    opened.push(one);
    return one;
  };
  const anAgent = () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    agents.push(agent);
    return agent;
  };
  const ask = async (port: number, agent = anAgent()) => {
    const [answer] = (await once(get({ host: LOOPBACK, port, agent }), 'response')) as [
      IncomingMessage,
    ];
    return { status: answer.statusCode, text: await text(answer) };
  };
  const isRefused = async (port: number) => {
    const error: unknown = await ask(port).catch((reason: unknown) => reason);
    return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
  };

  it('finishes what is in flight before it closes, and takes nothing new', async () => {
    const requests = new EventEmitter();
    const { port, close } = await served((_request, response) => requests.emit('asked', response));
    const asked = once(requests, 'asked') as Promise<[ServerResponse]>;
    const answer = ask(port);
    const [response] = await asked;
    const closing = close();
    expect(await isRefused(port)).to.equal(true);
    const ended = performance.now();
    response.end('done');
    expect(await answer).to.deep.equal({ status: 200, text: 'done' });
    await closing;
    // The connection would be kept for more than a minute, and nobody asks on it any more.
    expect(performance.now() - ended).to.be.below(20_000);
    opened.splice(0);
  });

  it('does not wait for whoever is connected and asks nothing', async () => {
    const { port, close } = await served((_request, response) => response.end('done'));
    await ask(port);
    const started = performance.now();
    await close();
    opened.splice(0);
    expect(performance.now() - started).to.be.below(20_000);
  });

  it('keeps connections for the next request', async () => {
    const sockets = new Set<unknown>();
    const { port } = await served((request, response) => {
      sockets.add(request.socket);
      response.end('done');
    });
    const agent = anAgent();
    await ask(port, agent);
    await ask(port, agent);
    expect(sockets).to.have.length(1);
  });

  it('names the port that is taken, and what to set', async () => {
    const { port } = await served(() => undefined);
    const second = serve(() => undefined, { ...place, port });
    const error: unknown = await second.catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(PortInUse);
    expect((error as Error).message)
      .to.include(String(port))
      .and.include('A_PORT');
  });
});
