import type { ChildProcess } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { SaleRow } from '#shared/sale/view.ts';
import { migrate } from '../../adapters/postgres/migrate.ts';
import { personalKeys } from '../../adapters/postgres/personal-keys.ts';
import { aDatabase } from '../support/a-database.ts';
import { aPartner, credited, type APartner, type Asked } from '../support/a-partner.ts';
import { anEventStore } from '../support/an-event-store.ts';
import { aSaleCalled, endForwarding, startForwarding } from '../support/forwarding-processes.ts';
import { waitUntil } from '../support/wait-until.ts';

type Answer = (asked: Asked, response: ServerResponse) => unknown;
type Case = {
  readonly when: string;
  /** What the partner does at each call. None when nobody listens. */
  readonly answers: readonly Answer[];
  readonly status: SaleRow['status'];
  readonly outcomes: readonly string[];
};

const status =
  (code: number): Answer =>
  (_asked, response) =>
    response.writeHead(code, code === 302 ? { location: 'http://127.0.0.1:9/' } : {}).end('{}');
const created: Answer = (asked, response) => response.writeHead(201).end(credited(asked));
const dropped: Answer = (_asked, response) => response.destroy();
const late: Answer = () => undefined;
const brokenOff: Answer = (asked, response) => {
  response.writeHead(201, { 'content-length': '500' }).write(credited(asked), () => {
    response.destroy();
  });
};
const garbage: Answer = (_asked, response) => response.writeHead(201).end('<html>');

/** One after the other, so that none of them is what has the partner left in peace. */
const CASES: readonly Case[] = [
  { when: 'takes it', answers: [created], status: 'ACCEPTED', outcomes: ['ACCEPTED'] },
  {
    ...{ when: 'fails once', answers: [status(500), created] },
    ...{ status: 'ACCEPTED', outcomes: ['FAILED', 'ACCEPTED'] },
  },
  { when: 'does not want it', answers: [status(400)], status: 'FAILED', outcomes: ['FAILED'] },
  {
    when: 'does not answer in time',
    answers: [late],
    status: 'UNCERTAIN',
    outcomes: ['UNCERTAIN'],
  },
  { when: 'says 201 to nobody', answers: [dropped], status: 'UNCERTAIN', outcomes: ['UNCERTAIN'] },
  { when: 'breaks off', answers: [brokenOff], status: 'UNCERTAIN', outcomes: ['UNCERTAIN'] },
  { when: 'says 201 and no more', answers: [garbage], status: 'ACCEPTED', outcomes: ['ACCEPTED'] },
  { when: 'says 202', answers: [status(202)], status: 'UNCERTAIN', outcomes: ['UNCERTAIN'] },
  {
    when: 'sends us elsewhere',
    answers: [status(302)],
    status: 'UNCERTAIN',
    outcomes: ['UNCERTAIN'],
  },
  {
    ...{ when: 'is asked too often', answers: [status(429), created] },
    ...{ status: 'ACCEPTED', outcomes: ['FAILED', 'ACCEPTED'] },
  },
  {
    ...{ when: 'fails every time', answers: [status(503), status(503)] },
    ...{ status: 'FAILED', outcomes: ['FAILED', 'FAILED'] },
  },
  { when: 'is not there', answers: [], status: 'FAILED', outcomes: ['FAILED', 'FAILED'] },
];

const LONGEST_MS = 60_000;
const masterKey = Buffer.alloc(32, 7);
const centsOf = (one: Case) => 1_400 + CASES.indexOf(one);
const textOf = (one: Case) => `14.${String(CASES.indexOf(one)).padStart(2, '0')}`;
const saleOf = (one: Case) => aSaleCalled(one.when, centsOf(one));

describe('A cashback whose partner', function () {
  this.timeout(2 * LONGEST_MS);

  const database = aDatabase();
  const node = anEventStore();
  let partner: APartner;
  let child: ChildProcess;
  let eventStore: EventStore;

  const callsOf = (one: Case) => partner.asked.filter(({ cashback }) => cashback === textOf(one));
  const intentOf = (one: Case) =>
    database()<IntentRow>(intentTable)
      .where({ stream: saleOf(one).stream })
      .first();
  const isSettled = async (one: Case) =>
    ['DONE', 'PARKED'].includes((await intentOf(one))?.status ?? 'none');

  before(async () => {
    await migrate(database.url());
    eventStore = node.store(personalKeys(database(), masterKey));
    partner = await aPartner((asked, _request, response) => {
      const one = CASES.find((some) => textOf(some) === asked.cashback);
      const answer = one?.answers[callsOf(one).length - 1] ?? status(404);
      return answer(asked, response);
    });
    child = startForwarding({
      ...{ eventStoreUrl: node.url(), databaseUrl: database.url(), partnerUrl: partner.url },
      ...{ masterKey: masterKey.toString('base64'), timeoutMs: 1_000 },
    });
    for (const one of CASES) {
      if (one.answers.length === 0) await partner.close();
      await saleOf(one).sell(eventStore);
      await waitUntil(`the partner ${one.when}`, () => isSettled(one), LONGEST_MS);
    }
    await endForwarding(child, 'SIGTERM');
  });
  after(async () => {
    await endForwarding(child, 'SIGKILL');
    await partner.close();
  });

  for (const one of CASES)
    it(`${one.when} is ${one.status}, and asked for no more often than it should`, async () => {
      const row = await saleOf(one).row(eventStore);
      expect(row?.status).to.equal(one.status);
      expect(row?.attempts.map(({ outcome }) => outcome)).to.deep.equal(one.outcomes);
      expect(callsOf(one)).to.have.length(one.answers.length);
      expect((await intentOf(one))?.status).to.equal(one.status === 'FAILED' ? 'PARKED' : 'DONE');
    });
});
