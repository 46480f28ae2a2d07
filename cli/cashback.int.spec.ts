import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { cashbackMonthEvents } from '#shared/cashback-month/events.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { calculated, received, aSale } from '#shared/sale/examples.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { meta } from '#shared/testing/recorded.ts';
import { anInstallation } from '../test/support/an-installation.ts';
import { lastro } from '../test/support/lastro.ts';
import { cashback } from './cashback.ts';

describe('Cashback at the command line', function () {
  this.timeout(180_000);
  const { environment, on } = anInstallation();

  const run = (...args: readonly string[]) => lastro(cashback, environment, 'cashback', ...args);
  const end = () => on(({ eventStore }) => eventStore.end());
  const rules = async (text: string): Promise<string> => {
    const path = join(environment['LASTRO_DATA_DIR'] ?? '', 'new.json');
    await writeFile(path, text);
    return path;
  };
  const whatIf = async (text: string, ...args: readonly string[]) => {
    const period = ['--from', '2026-01-01', '--to', '2026-01-31'];
    return run('what-if', '--rules', await rules(text), ...period, ...args);
  };

  before(async () => {
    await on(({ eventStore }) =>
      eventStore.append(`sale-${aSale}`, saleEvents, [received(), calculated()], {
        ...{ expected: 'no-stream', meta },
      }),
    );
  });

  it('closes a month that is over, once, under the name of whoever did', async () => {
    for (let times = 0; times < 2; times++) {
      const { code, out } = await run('close', '2026-01', '--json');
      expect({ code, facts: JSON.parse(out) as unknown }).to.deep.equal({
        ...{ code: 0, facts: { month: '2026-01', status: 'CLOSED' } },
      });
    }
    const events = await on(async ({ eventStore }) => {
      const all = [];
      for await (const page of eventStore.pages(cashbackMonthEvents, BEGINNING))
        all.push(...page.events);
      return all;
    });
    expect(events.map(({ type }) => type)).to.deep.equal(['CashbackMonthClosed']);
    expect(events[0]?.meta.actor).to.deep.equal({ id: userInfo().username, role: 'analyst' });
  });

  it('closes none that is not over, and none that there is not', async () => {
    const early = await run('close', '9999-12');
    expect(early).to.include({ code: 1 });
    expect(early.said).to.include('is not over');
    expect(await run('close', '2026-13')).to.include({ code: 2 });
  });

  it('tries out other rules on past sales, and changes nothing', async () => {
    const before = await end();
    const other = '{"version":"2","from":"2026-01-01","percents":{"A":"5","B":"12.5"}}';
    const { code, out } = await whatIf(other, '--json');
    const sums = { cashback: '14.00', other: '11.75', difference: '-2.25' };
    expect({ code, facts: JSON.parse(out) as unknown }).to.deep.equal({
      code: 0,
      facts: {
        ...{ from: '2026-01-01', to: '2026-01-31', sales: 1, changed: 1, notCovered: 0, ...sums },
        items: [{ saleId: aSale, soldOn: '2026-01-02', ruleSet: '1', otherRuleSet: '2', ...sums }],
      },
    });
    const words = await whatIf(other);
    expect(words.out).to.include('would have given 11.75').and.include(aSale);
    expect(await end()).to.equal(before);
  });

  it('says what is wrong with rules, and how they are written', async () => {
    for (const text of ['{', '{"percents":{"A":5}}']) {
      const { code, said } = await whatIf(text);
      expect(code).to.equal(1);
      expect(said).to.include('holds no rules').and.include('"percents"');
    }
    const lost = await run(
      'what-if',
      '--rules',
      'no',
      '--from',
      '2026-01-01',
      '--to',
      '2026-01-02',
    );
    expect(lost).to.include({ code: 1 });
    expect(lost.said).to.include('cannot be read');
    expect(await run('what-if', '--rules', 'no')).to.include({ code: 2 });
  });
});
