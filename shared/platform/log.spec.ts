import { expect } from 'chai';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { logger, saidBy } from './log.ts';

const CPF = '15350946056';
const WITH_DOTS = '153.509.460-56';
const EMAIL = 'ana.silva+1@example.com.br';
const NAME = 'Ana Maria da Silva';
const token = tokenOf('partner');
const SECRETS = [CPF, WITH_DOTS, 'ana.silva', NAME, token, 'hunter2'];

const listening = (level = 'trace') => {
  const lines: string[] = [];
  const log = logger('spec', level, { write: (line) => lines.push(line) });
  return {
    log,
    lines,
    fields: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    leaked: () => SECRETS.filter((secret) => lines.some((line) => line.includes(secret))),
  };
};

describe('A log line', () => {
  it('is JSON, and says when, how bad, which process, and what', () => {
    const { log, fields } = listening();
    log.warn({ route: '/v1/things', position: 12345678901n, ms: 1.5, at: new Date(0) }, 'late');
    const [{ time, ...rest } = {}] = fields();
    expect(time).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(rest).to.deep.equal({
      ...{ level: 'warn', process: 'spec', route: '/v1/things', position: 12345678901, ms: 1.5 },
      ...{ at: '1970-01-01T00:00:00.000Z', msg: 'late' },
    });
  });

  it('is left out below the level', () => {
    const { log, lines } = listening('info');
    log.debug('not now');
    log.info('now');
    expect(lines).to.have.lengthOf(1);
  });

  it('names nobody in its words', () => {
    const { log, leaked, fields } = listening();
    log.info(`a mail to ${EMAIL} about ${CPF}, ${WITH_DOTS}`);
    log.info('a mail to %s with %s', EMAIL, token);
    log.info(`asked http://partner/v1/cashback?cpf=${CPF}&name=Ana`);
    expect(leaked()).to.deep.equal([]);
    expect(fields()[0]).to.include({ msg: 'a mail to [email] about [cpf], [cpf]' });
    expect(fields()[1]).to.include({ msg: 'a mail to [email] with [token]' });
  });

  it('names nobody in its fields, however deep they stand', () => {
    const { log, leaked, fields } = listening();
    const person = { name: NAME, email: EMAIL, cpf: CPF, password: 'hunter2', token, seen: 1 };
    const deep = { a: { b: [{ c: { ...person, note: `of ${WITH_DOTS}, ${EMAIL}` } }] } };
    log.info({ ...person, authorization: `Bearer ${token}` }, 'top');
    log.info({ deep }, 'deep');
    expect(leaked()).to.deep.equal([]);
    expect(fields()[0]).to.include({ name: '[hidden]', authorization: '[hidden]', seen: 1 });
    expect(fields()[1]).to.have.nested.property('deep.a.b[0].c.note', 'of [cpf], [email]');
  });

  it('names nobody in an error, its cause or its stack', () => {
    const { log, leaked, fields } = listening();
    const cause = Object.assign(new Error(`no such customer: ${EMAIL}`), { code: 'ENONE' });
    const error = new Error(`GET http://partner/v1/cashback?cpf=${CPF} for ${CPF}`, { cause });
    log.error({ err: error }, 'failed');
    log.error({ err: error });
    log.error(error);
    expect(leaked()).to.deep.equal([]);
    expect(fields()[0]).to.have.nested.property('err.cause.code', 'ENONE');
    expect(fields()[0]).to.have.nested.property('err.message').that.includes('/v1/cashback?…');
    expect(fields().map(({ msg }) => msg)).to.deep.equal([
      'failed',
      ...['GET http://partner/v1/cashback?… for [cpf]'].flatMap((one) => [one, one]),
    ]);
  });
});

describe('A request', () => {
  it('leaves no person and no secret in the log, whatever becomes of it', async () => {
    const { log, leaked, fields } = listening();
    const append = () => Promise.reject(new Error(`duplicate key: (email)=(${EMAIL})`));
    const { anybody } = aThingApi({ log, eventStore: { ...inMemoryEventStore(), append } });
    const asked = () => ({ Authorization: `Bearer ${token}`, 'X-Correlation-Id': 'c-1' });
    const note = `${NAME}, ${CPF}, ${EMAIL}`;
    await anybody.get(`/v1/things?cursor=${CPF}`).set(asked()).expect(422);
    await anybody.get(`/v1/things/${EMAIL}`).set(asked()).expect(404);
    await anybody.get(`/v1/${CPF}`).set(asked()).expect(404);
    await anybody.post('/v1/things').set(asked()).send({ size: 1, note }).expect(500);
    await anybody.post('/v1/things').set(asked()).send({ note }).expect(422);
    expect(leaked()).to.deep.equal([]);
    expect(fields().map(({ level, route, status }) => [level, route, status])).to.deep.equal([
      ['debug', '/v1/things', 422],
      ['debug', '/v1/things/{id}', 404],
      ['debug', 'none', 404],
      ['error', '/v1/things', undefined],
      ['debug', '/v1/things', 500],
      ['debug', '/v1/things', 422],
    ]);
    for (const line of fields()) expect(line).to.include({ correlationId: 'c-1' });
  });
});

describe('What an error says', () => {
  it('can be kept, since it names nobody', () => {
    expect(saidBy(new Error(`of ${EMAIL}`))).to.equal('of [email]');
    expect(saidBy(`GET https://partner/x?token=hunter2 ${CPF}`)).to.equal(
      'GET https://partner/x?… [cpf]',
    );
  });
});
