import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import type { Stage } from '../openapi/call.ts';
import { calls, outOfReach } from '../openapi/calls.ts';
import { heldTo, type Described, type HeldTo, type Operation } from '../openapi/held-to.ts';
import { aSystem, type ASystem } from '../support/a-system.ts';
import { ask, aUser, type Reply } from '../support/a-user.ts';

const APIS = ['command', 'query'] as const;
type Api = (typeof APIS)[number];

/** Nothing that anybody would be asked for by; and too long for whatever has an id. */
const NOTHING = 'x'.repeat(65);

describe('What the OpenAPI documents say', function () {
  this.timeout(180_000);

  let system: ASystem;
  let stage: Stage;
  const documents = new Map<Api, HeldTo>();
  const held = (api: Api): HeldTo => {
    const document = documents.get(api);
    if (!document) throw new Error('There are documents in hooks and specs only');
    return document;
  };
  const urlOf = (api: Api) => (api === 'command' ? system.commandApi : system.queryApi);

  before(async function () {
    this.timeout(180_000);
    // Nobody answers what is started, so that what is asked of it stays the same.
    system = await aSystem({ EQUIPMENT_SIMULATOR: 'off' });
    await system.start();
    const as = (name: string) => aUser(system, name);
    stage = {
      ...{ commandApi: system.commandApi, queryApi: system.queryApi },
      ...{ mail: system.mail, sandbox: system.sandbox, reseller: await as('reseller') },
      ...{ admin: await as('admin'), analyst: await as('analyst1'), partner: await as('partner1') },
      ...{ operator: await as('operator'), erp: await as('erp'), left: new Map() },
      ...{ app: await as('app'), auditor: await as('auditor') },
    };
    for (const api of APIS) {
      const { body } = await ask('GET', `${urlOf(api)}/openapi.json`);
      documents.set(api, heldTo(body as Described));
    }
  });

  after(() => system.remove());

  it('is valid', async () => {
    for (const api of APIS) {
      const { body } = await ask('GET', `${urlOf(api)}/openapi.json`);
      const { errors } = await new Validator().validate(body as Record<string, unknown>);
      expect(errors, api).to.equal(undefined);
    }
  });

  for (const { api, route, status, ask: asked } of calls)
    it(`is what is answered: ${route}, ${status}`, async () => {
      const reply = await asked(stage);
      const [method = '', path = ''] = route.split(' ');
      expect(reply.status, JSON.stringify(reply.body)).to.equal(status);
      expect(held(api).flaws(method, path, reply)).to.deep.equal([]);
    });

  it('is called here, every success of every route', () => {
    const successes = APIS.flatMap((api) =>
      held(api).operations.flatMap(({ method, path, operation }) =>
        Object.keys(operation.responses)
          .filter((status) => Number(status) < 400)
          .map((status) => `${api} ${method} ${path} ${status}`),
      ),
    );
    const called = calls.map(({ api, route, status }) => `${api} ${route} ${status}`);
    const missing = successes.filter((one) => !called.includes(one));
    expect(missing).to.have.members(Object.keys(outOfReach));
    const known = new Set(successes.map((one) => one.slice(0, one.lastIndexOf(' '))));
    expect(calls.filter(({ api, route }) => !known.has(`${api} ${route}`))).to.deep.equal([]);
  });

  /** Every route asked in the same way, and each answer held to the document. */
  const everywhere = async (
    which: (operation: Operation, method: string) => boolean,
    asked: (method: string, url: string) => Promise<Reply>,
    status: number,
  ): Promise<number> => {
    let asking = 0;
    for (const api of APIS)
      for (const { method, path, operation } of held(api).operations) {
        if (!which(operation, method)) continue;
        asking += 1;
        const url = `${urlOf(api)}${path.replaceAll(/\{\w+\}/g, NOTHING)}`;
        const reply = await asked(method.toUpperCase(), url);
        expect(reply.status, `${method} ${path}`).to.equal(status);
        expect(held(api).flaws(method, path, reply), `${method} ${path}`).to.deep.equal([]);
      }
    return asking;
  };
  const isSecured = ({ security }: Operation) => security.length > 0;
  const namesNothing = (operation: Operation) =>
    operation.parameters.every((part) => (part as { in?: string }).in !== 'path');

  it('is told to whoever has no token', async () => {
    const asked = await everywhere(isSecured, (method, url) => ask(method, url), 401);
    expect(asked).to.be.greaterThan(5);
  });

  it('is told to whoever has the wrong role', async () => {
    const outsider = await aUser(system, 'app');
    const { authorization } = outsider;
    const isForOthers = (operation: Operation) =>
      isSecured(operation) && !operation.description.includes('customer-app');
    const asked = (method: string, url: string) => ask(method, url, { headers: { authorization } });
    expect(await everywhere(isForOthers, asked, 403)).to.be.greaterThan(5);
  });

  it('is told to whoever asks for what there cannot be', async () => {
    const { authorization } = stage.admin;
    const asked = (method: string, url: string) => ask(method, url, { headers: { authorization } });
    const count = await everywhere((operation) => !namesNothing(operation), asked, 404);
    expect(count).to.be.greaterThan(3);
  });

  it('is told to whoever sends what is no JSON, or of another type', async () => {
    const { authorization } = stage.admin;
    const sent = (type: string) => async (method: string, url: string) => {
      const headers = { authorization, 'content-type': type };
      const answer = await fetch(url, { method, headers, body: '{' });
      return { status: answer.status, headers: answer.headers, body: await answer.json() };
    };
    const takesBody = (operation: Operation, method: string) =>
      method !== 'get' &&
      namesNothing(operation) &&
      'application/json' in (operation.requestBody?.content ?? {});
    expect(await everywhere(takesBody, sent('application/json'), 400)).to.be.greaterThan(2);
    expect(await everywhere(takesBody, sent('text/plain'), 415)).to.be.greaterThan(2);
  });

  it('is told to whoever asks for what is not asked for here', async () => {
    const { authorization } = stage.admin;
    const asked = (method: string, url: string) =>
      ask(method, `${url}?nothing=1`, { headers: { authorization } });
    expect(await everywhere(namesNothing, asked, 422)).to.be.greaterThan(5);
  });
});
