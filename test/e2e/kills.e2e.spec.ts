import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { aLoad } from '../support/a-load.ts';
import { aPurchaseLoad } from '../support/a-purchase-load.ts';
import { aSystem, type ASystem } from '../support/a-system.ts';
import { aUser, type AUser } from '../support/a-user.ts';
import { monthsInLog, monthsShown } from '../support/months-from-zero.ts';
import { waitUntil } from '../support/wait-until.ts';
import { theLog, type RawEvent } from '../support/the-log.ts';
import { theMail, type CaughtMail } from '../support/the-mail.ts';

const KILLS = 20;
const VICTIMS = [
  'command-api/main.ts',
  'projections/main.ts',
  'embedded/eventstore/main.ts',
  'query-api/main.ts',
  'embedded/postgres/main.ts',
  'embedded/mail/main.ts',
];
/** So many are acknowledged after one kill before the next comes. */
const BETWEEN_KILLS = 5;
const LONGEST_OUTAGE_MS = 45_000;

const groupedBy = <T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
};

describe('Killed again and again under load', function () {
  this.timeout(600_000);

  let system: ASystem;
  let partner: AUser;
  let acknowledged: readonly { readonly customerMid: string; readonly id: string }[];
  let log: RawEvent[];
  let purchases: Awaited<ReturnType<typeof aPurchaseLoad>>;
  let submissions: RawEvent[];

  before(async () => {
    system = await aSystem();
    await system.start();
    partner = await aUser(system, 'partner1');
    const load = aLoad(partner);
    purchases = await aPurchaseLoad(system, await aUser(system, 'analyst1'), { atOnce: 2 });
    for (let nth = 0; nth < KILLS; nth++) {
      system.kill(VICTIMS[nth % VICTIMS.length] ?? '');
      const enough = load.acknowledged.length + BETWEEN_KILLS;
      await waitUntil('it goes on', () => load.acknowledged.length >= enough, LONGEST_OUTAGE_MS);
    }
    await waitUntil(
      'it answers again',
      async () => {
        const answer = await fetch(`${system.commandApi}/health/ready`).catch(() => undefined);
        return answer?.ok === true;
      },
      60_000,
    );
    await Promise.all([load.stop(), purchases.stop()]);
    expect(purchases.counts.surprises).to.deep.equal([]);
    expect(load.surprises.map(({ body }) => body)).to.deep.equal([]);
    acknowledged = load.acknowledged;
    log = await theLog(system.eventStoreUrl);
    submissions = log.filter(({ type }) => type === 'ActivationSubmitted');
  });
  after(() => system.remove());

  it('went on working all the while', () => {
    expect(acknowledged.length).to.be.at.least(KILLS * BETWEEN_KILLS);
  });

  it('has every acknowledged command in the log, exactly once', () => {
    const byMid = groupedBy(submissions, ({ data }) => String(data['customerMid']));
    for (const { customerMid, id } of acknowledged) {
      const events = byMid.get(customerMid) ?? [];
      expect(events.map(({ data }) => data['activationId'])).to.deep.equal([id]);
    }
    expect([...byMid.values()].filter((events) => events.length > 1)).to.deep.equal([]);
  });

  it('has views that equal a replay from zero', () => {
    const arguments_ = [resolve('cli/lastro.mjs'), 'replay', '--all', '--compare-only', '--json'];
    const { status, stdout, stderr } = spawnSync(process.execPath, arguments_, {
      env: system.environment,
      encoding: 'utf8',
    });
    expect(status, `${stdout}\n${stderr}`).to.equal(0);
  });

  it('has months of resellers that are what they come to when they are added up', async () => {
    await purchases.shown();
    const months = monthsInLog(log);
    expect(await monthsShown(system.databaseUrl)).to.deep.equal(months);
    expect(Object.keys(months)).to.have.length.of.at.least(4);
  });

  it('has told every customer, and none of them two different times', async () => {
    const about = (mails: readonly CaughtMail[]) =>
      groupedBy(mails, ({ to }) => JSON.stringify(to));
    await waitUntil(
      'every customer has a mail',
      async () => {
        return about(await theMail(system.mail)).size === submissions.length;
      },
      60_000,
    );

    const mails = await theMail(system.mail);
    const several = [...about(mails).values()].filter((some) => some.length > 1);
    for (const some of several)
      expect(new Set(some.map(({ messageId }) => messageId)).size, 'Message-IDs').to.equal(1);
    expect(several.length).to.be.at.most(KILLS);
  });
});
