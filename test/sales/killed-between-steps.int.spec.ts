import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { SaleRow } from '#shared/sale/view.ts';
import { migrate } from '../../adapters/postgres/migrate.ts';
import { personalKeys } from '../../adapters/postgres/personal-keys.ts';
import { aDatabase } from '../support/a-database.ts';
import { aPartner, credited, type APartner } from '../support/a-partner.ts';
import { anEventStore } from '../support/an-event-store.ts';
import { aSaleCalled, endForwarding, startForwarding } from '../support/forwarding-processes.ts';
import { waitUntil } from '../support/wait-until.ts';

type Step = {
  readonly at: string;
  /** What the partner says; `nothing` when the process is killed before it says anything. */
  readonly partner: 201 | 500 | 'nothing';
  readonly status: SaleRow['status'];
  readonly effect: IntentRow['status'];
  readonly calls: number;
};

const ACCEPTED = { partner: 201, status: 'ACCEPTED', effect: 'DONE', calls: 1 } as const;
const UNCERTAIN = { partner: 201, status: 'UNCERTAIN', effect: 'DONE', calls: 1 } as const;
/** Two attempts, each of which has failed for certain. */
const GIVEN_UP = { partner: 500, status: 'FAILED', effect: 'PARKED', calls: 2 } as const;

/** Every two things that are done one after the other have a step between them. */
const STEPS: readonly Step[] = [
  { at: 'before the intent is there', ...ACCEPTED },
  { at: 'after the intent is there', ...ACCEPTED },
  { at: 'before CashbackForwardAttempted', ...ACCEPTED },
  { at: 'after CashbackForwardAttempted', ...UNCERTAIN, calls: 0 },
  { at: 'while the partner is asked', ...UNCERTAIN, partner: 'nothing' },
  { at: 'before CashbackAccepted', ...UNCERTAIN },
  { at: 'after CashbackAccepted', ...ACCEPTED },
  { at: 'before it is done', ...ACCEPTED },
  { at: 'before CashbackForwardFailed', ...UNCERTAIN, partner: 500 },
  { at: 'after CashbackForwardFailed', ...GIVEN_UP },
  { at: 'before CashbackForwardGivenUp', ...GIVEN_UP },
  { at: 'after CashbackForwardGivenUp', ...GIVEN_UP },
  { at: 'before EffectParked', ...GIVEN_UP },
  { at: 'after EffectParked', ...GIVEN_UP },
];

const LONGEST_STEP_MS = 60_000;
const masterKey = Buffer.alloc(32, 7);

/** By which the partner's calls are told apart. */
const centsOf = (step: Step) => 1_400 + STEPS.indexOf(step);
const saleOf = (step: Step) => aSaleCalled(step.at, centsOf(step));
const streamOf = (step: Step) => saleOf(step).stream;
const textOf = (step: Step) => `14.${String(STEPS.indexOf(step)).padStart(2, '0')}`;

describe('Forwarding that is killed between any two steps', function () {
  this.timeout(STEPS.length * LONGEST_STEP_MS);

  const database = aDatabase();
  const node = anEventStore();
  let partner: APartner;
  let child: ChildProcess;
  let eventStore: EventStore;

  const start = (dies?: Step) => {
    child = startForwarding({
      ...{ eventStoreUrl: node.url(), databaseUrl: database.url(), partnerUrl: partner.url },
      ...{ masterKey: masterKey.toString('base64'), timeoutMs: 5_000 },
      ...(dies && { dies: { at: dies.at, stream: streamOf(dies) } }),
    });
  };
  const effectOf = (step: Step) =>
    database()<IntentRow>(intentTable)
      .where({ stream: streamOf(step) })
      .first();
  const isSettled = async (step: Step) => (await effectOf(step))?.status === step.effect;
  const settled = (step: Step) =>
    waitUntil(`what was killed ${step.at} is seen to`, () => isSettled(step), LONGEST_STEP_MS);
  before(async () => {
    await migrate(database.url());
    eventStore = node.store(personalKeys(database(), masterKey));
    partner = await aPartner((asked, _request, response) => {
      const step = STEPS.find((one) => textOf(one) === asked.cashback);
      if (step?.partner === 'nothing') return child.kill('SIGKILL');
      const status = step?.partner ?? 404;
      return response.writeHead(status).end(status === 201 ? credited(asked) : '{}');
    });

    let before: Step | undefined;
    for (const step of STEPS) {
      start(step);
      // The one before is seen to by this process, which is then killed in its turn.
      if (before) await settled(before);
      const exit = once(child, 'exit');
      await saleOf(step).sell(eventStore);
      const [, signal] = (await exit) as [number | null, string | null];
      expect(signal, step.at).to.equal('SIGKILL');
      before = step;
    }
    start();
    if (before) await settled(before);
    await endForwarding(child, 'SIGTERM');
  });
  after(async () => {
    await endForwarding(child, 'SIGKILL');
    await partner.close();
  });

  for (const step of STEPS)
    it(`is ${step.status}, asked for ${step.calls} times: ${step.at}`, async () => {
      const row = await saleOf(step).row(eventStore);
      const calls = partner.asked.filter(({ cashback }) => cashback === textOf(step));
      expect({ status: row?.status, calls: calls.length }).to.deep.equal({
        ...{ status: step.status, calls: step.calls },
      });
      expect(await effectOf(step)).to.include({ status: step.effect });
      // No attempt is without an outcome.
      expect(row?.attempts.map(({ outcome }) => outcome)).to.not.include('PENDING');
    });

  it('has the partner asked by no other calls than these', () => {
    const expected = STEPS.reduce((sum, { calls }) => sum + calls, 0);
    expect(partner.asked).to.have.length(expected);
    for (const step of STEPS) {
      const keys = partner.asked.filter(({ cashback }) => cashback === textOf(step));
      expect(new Set(keys.map(({ idempotencyKey }) => idempotencyKey)).size).to.be.at.most(1);
    }
  });
});
