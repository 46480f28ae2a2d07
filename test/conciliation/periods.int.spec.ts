import { expect } from 'chai';
import supertest from 'supertest';
import { conciliationPeriodEvents } from '#shared/conciliation/events.ts';
import { conciliationPeriod } from '#shared/conciliation/period.ts';
import { Permanent } from '#shared/effect/permanent.ts';
import type { AccountId } from '#shared/ids.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { meta } from '#shared/testing/recorded.ts';
import { findingAmountIn } from '../../adapters/postgres/conciliation/findings.ts';
import { standingIn } from '../../adapters/postgres/conciliation/standing-index.ts';
import { takingHere } from '../../command-api/conciliation/taking.ts';
import { conciliationRoutes as commands } from '../../command-api/conciliation/routes.ts';
import { conciliationRoutes as queries } from '../../query-api/conciliation/routes.ts';
import { aConciliation, type AConciliation } from '../support/a-conciliation.ts';
import { buyer, creditOf, csvOf, hashKey } from '../support/a-statement.ts';

const PERIOD = '/v1/conciliation-periods/2026-01';
const ours = { nth: 1 };
const stranger = { id: '7001', document: buyer(300), amount: '1.00' };
const IN_MARCH = '2026-03-15T12:00:00.000Z' as Instant;
const FEBRUARY = { nth: 2, clock: '2026-02-03 10:00:00' };

describe('A period of conciliation, through its routes,', function () {
  this.timeout(180_000);
  const conciliation = aConciliation();
  let run: AConciliation;
  let as: (role: Role) => ReturnType<typeof supertest.agent>;

  beforeEach(async () => {
    run = conciliation();
    await run.begin();
    await run.sold([ours, FEBRUARY]);
    const deps = {
      ...{
        eventStore: run.eventStore,
        take: takingHere(hashKey),
        keys: run.keys,
        statements: run.statements,
      },
      ...{ findingAmount: findingAmountIn(run.db), limitInCents: 10_000 },
      ...{ standingOf: standingIn(run.db, { waitMs: 200 }), largestStatement: 1_000_000 },
    };
    const routes = [...commands(deps), ...queries(run.db, run.keys)];
    const { app } = aThingApi({ routes, clock: () => IN_MARCH });
    as = (role) => supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role)}`);
  });

  const post = (path: string, body: object = {}) => as('operator').post(path).send(body);
  const close = async () => {
    await run.catchUp();
    return post(`${PERIOD}/close`);
  };
  const reopen = (reason = 'The partner has sent another statement') =>
    post(`${PERIOD}/reopen`, { reason });
  const resolve = (id: string, item: string) =>
    post(`/v1/conciliations/${id}/items/${item}/resolve`, { resolution: 'EXPLAINED', reason: 'x' });
  const codeOf = ({ status, body }: { readonly status: number; readonly body: unknown }) =>
    [status, (body as { readonly code?: string }).code] as const;
  /** Closed by whoever knew of no statement. */
  const closedUnseen = async () => {
    const [at, by] = [IN_MARCH, derivedId('spec', 'operator') as AccountId];
    const month = '2026-01' as Month;
    const standing = { running: 0, reports: [] };
    const data = { month, thisMonth: '2026-03' as Month, by, at, standing };
    const contract = [conciliationPeriodEvents, conciliationPeriod] as const;
    const handle = commandHandler(run.eventStore, 'conciliationPeriod', ...contract);
    await handle(month, { type: 'ClosePeriod', data }, { keyed: false, meta });
  };
  const done = async (text: string, sent = {}) => {
    const { id } = await run.send(text, sent);
    await run.run(id);
    return id;
  };
  const withFinding = csvOf('cashback-api', [creditOf(ours), stranger]);

  it('is closed once every finding is seen to, and not before', async () => {
    const id = await done(withFinding);
    const refused = await close();
    expect(codeOf(refused)).to.deep.equal([409, 'findings-open']);
    expect((refused.body as { detail: string }).detail).to.equal(`conciliation ${id} has 1.`);
    await resolve(id, '3-0').expect(200);
    expect((await close()).body).to.deep.equal({ month: '2026-01', status: 'CLOSED' });
    expect(codeOf(await close())).to.deep.equal([200, undefined]);
    await run.catchUp();
    const shown = await as('auditor').get(PERIOD).expect(200);
    expect(shown.body).to.deep.include({ month: '2026-01', status: 'CLOSED', conciliations: [id] });
    expect(shown.headers['etag']).to.equal('"0"');
    const list = await as('auditor').get('/v1/conciliation-periods?status=CLOSED').expect(200);
    expect((list.body as { items: unknown[] }).items).to.deep.equal([shown.body]);
  });

  it('is not closed while a statement is on its way, nor before the month has begun', async () => {
    await run.send(withFinding);
    expect(codeOf(await close())).to.deep.equal([409, 'conciliation-running']);
    const later = await post('/v1/conciliation-periods/2026-04/close');
    expect(codeOf(later)).to.deep.equal([409, 'period-not-begun']);
    const never = await post('/v1/conciliation-periods/1999-12/close');
    expect(codeOf(never)).to.deep.equal([404, 'conciliation-period-not-found']);
    await as('auditor').post(`${PERIOD}/close`).expect(403);
  });

  it('answers that it cannot say while what it has to know is not there yet', async () => {
    await done(withFinding);
    await run.sold([{ nth: 9 }]);
    expect(codeOf(await post(`${PERIOD}/close`))).to.deep.equal([503, 'read-model-behind']);
  });

  it('looks at the last report of the same days, and at its own month of longer ones', async () => {
    await done(withFinding);
    await done(csvOf('cashback-api', [creditOf(ours)]));
    // Of February, ours is missing; of January nothing is.
    await done(csvOf('cashback-api', [creditOf(ours)]) + '\n', { to: '2026-02-28' });
    expect(codeOf(await close())).to.deep.equal([200, undefined]);
    await run.catchUp();
    const february = await post('/v1/conciliation-periods/2026-02/close');
    expect(codeOf(february)).to.deep.equal([409, 'findings-open']);
  });

  it('takes nothing new while it is closed, and still knows what it took', async () => {
    const id = await done(withFinding);
    await resolve(id, '3-0').expect(200);
    await close();
    const asked = { source: 'cashback-api', from: '2026-01-31', to: '2026-02-01' };
    const upload = (text: string, query: object = asked) =>
      as('operator').post('/v1/conciliations').query(query).type('text/csv').send(text);
    expect(codeOf(await upload(withFinding))).to.deep.equal([409, 'period-closed']);
    const again = await upload(withFinding, { ...asked, from: '2026-01-01', to: '2026-01-31' });
    expect([again.status, again.body]).to.deep.equal([200, { id, status: 'COMPLETED' }]);
    expect(await run.db('conciliation.statement').pluck('conciliation_id')).to.deep.equal([id]);
    await upload(withFinding, { ...asked, from: '2026-02-01' }).expect(202);

    expect(codeOf(await resolve(id, '3-0')), 'said before').to.deep.equal([200, undefined]);
    expect(codeOf(await reopen(''))).to.deep.equal([422, 'invalid-request']);
    expect((await reopen()).body).to.deep.equal({ month: '2026-01', status: 'OPEN' });
    expect(codeOf(await reopen())).to.deep.equal([200, undefined]);
    await upload(withFinding).expect(202);
    await run.catchUp();
    const shown = await as('operator').get(PERIOD).expect(200);
    expect(shown.body).to.include({
      status: 'OPEN',
      reason: 'The partner has sent another statement',
    });
  });

  it('keeps what an earlier report has found as it is', async () => {
    const id = await done(withFinding);
    await done(csvOf('cashback-api', [creditOf(ours)]));
    await close();
    expect(codeOf(await resolve(id, '3-0'))).to.deep.equal([409, 'period-closed']);
    await reopen();
    expect(codeOf(await resolve(id, '3-0'))).to.deep.equal([200, undefined]);
  });

  it('has no report that a statement came to after it was closed', async () => {
    // Taken at the very moment at which the month was closed: neither has seen the other.
    const { id } = await run.send(withFinding);
    await closedUnseen();
    const ended = await run.run(id).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(ended).to.be.instanceOf(Permanent);
    expect(String(ended)).to.contain('2026-01');
    expect((await run.eventsOf(id)).map(({ type }) => type)).to.deep.equal(['ConciliationStarted']);
    await reopen();
    expect((await run.run(id))?.type).to.equal('ConciliationCompleted');
  });

  it('is open as long as nobody has closed it', async () => {
    await run.catchUp();
    const shown = await as('operator').get('/v1/conciliation-periods/2026-07').expect(200);
    expect(shown.body).to.deep.equal({ month: '2026-07', status: 'OPEN', conciliations: [] });
    expect(codeOf(await reopen())).to.deep.equal([409, 'period-not-closed']);
  });
});
