import { expect } from 'chai';
import { resellerMonthsTable, type ResellerMonthRow } from '#shared/cashback-month/view.ts';
import { purchasesTable, type PurchaseRow } from '#shared/purchase/view.ts';
import { StoreAway, type EventStore } from '#shared/kernel/event-store.ts';
import { failure } from '#shared/testing/failure.ts';
import {
  aCashbackLog,
  cashbackViews,
  march,
  now,
  type ACashbackLog,
} from '../support/a-cashback-log.ts';
import { aDatabase } from '../support/a-database.ts';
import { cashbackAtWork } from '../support/cashback-at-work.ts';
import { purchaseOf, RESELLERS, type Step } from '../support/some-steps.ts';

const january = '2026-01';

describe('Closing months', function () {
  this.timeout(180_000);
  const database = aDatabase(cashbackViews);
  const aLog = () => aCashbackLog(database());

  const register = (which: number, amount: number, day = '2026-01-10'): Step =>
    ({ what: 'register', which, amount, day, trusted: false }) as Step;
  const reject = (which: number): Step => ({ ...register(which, 1), what: 'reject' });
  const typesOf = async ({ ledger }: ACashbackLog) => (await ledger()).map(({ type }) => type);

  it('grants each reseller what the month came to, purchase by purchase', async () => {
    const log = await aLog();
    await log.ask(register(0, 800_00));
    await log.ask(register(2, 300_00));
    await log.ask(register(4, 100_00));
    await log.ask(reject(4));
    await log.ask(register(1, 1_500_01));
    await log.ask(register(6, 9_00, '2026-02-01'));
    await log.closing(january);
    await log.grantAll();

    const grants = (await log.ledger()).map(({ data }) => data);
    const shown = grants.map((data) => 'lines' in data && [data.resellerId, data.lines.length]);
    expect(shown).to.have.deep.members([
      [RESELLERS[0], 2],
      [RESELLERS[1], 1],
    ]);
    const first = grants.find(({ resellerId }) => resellerId === RESELLERS[0]);
    expect(first).to.include({
      ...{ month: january, ruleSet: '1', purchasedInCents: 1_100_00, percent: '15' },
      ...{ cashbackInCents: 165_00, adjustmentsInCents: 0, grantedInCents: 165_00 },
    });
    const [, done] = await log.months();
    expect(done?.data).to.include({
      ...{ month: january, resellers: 2, purchases: 3, grantedInCents: 165_00 + 300_00 },
    });
  });

  it('grants once, however often the job comes, and goes on where it was cut off', async () => {
    const log = await aLog();
    await log.ask(register(0, 800_00));
    await log.ask(register(1, 800_00));
    await log.closing(january);
    await log.catchUp();
    const [intent] = await log.grants();
    if (!intent) throw new Error('There is nothing to grant');
    let appends = 0;
    const breaking: EventStore = {
      ...log.eventStore,
      append: async (...asked) => {
        if (++appends > 1) throw new StoreAway('No answer');
        return log.eventStore.append(...asked);
      },
    };
    const cutOff = cashbackAtWork(log.db, breaking, () => now).grant(intent);
    expect(await failure(cutOff)).to.match(/No answer/);
    expect(await typesOf(log)).to.deep.equal(['CashbackGranted']);
    await log.grant(intent);
    await log.grant(intent);
    expect(await typesOf(log)).to.deep.equal(['CashbackGranted', 'CashbackGranted']);
    expect(await log.months()).to.have.length(2);
  });

  it('counts what was on record before, and books what came after in the open month', async () => {
    const log = await aLog();
    await log.ask(register(0, 800_00));
    await log.ask(register(2, 300_00));
    await log.closing(january);
    await log.ask(reject(2));
    await log.ask(register(4, 100_00));
    await log.grantAll();
    await log.settleAll();
    const [granted, ...adjusted] = (await log.ledger()).map(({ data }) => data);
    expect(granted).to.include({ purchasedInCents: 1_100_00, grantedInCents: 165_00 });
    expect(adjusted.map((data) => 'about' in data && [data.month, data.adjustmentInCents])).to.eql([
      [march, -85_00],
      [march, 10_00],
    ]);
  });

  it('settles nothing before the month is granted, nor in one that is open', async () => {
    const log = await aLog();
    await log.ask(register(0, 800_00));
    await log.ask(register(2, 5_00, '2026-02-01'));
    await log.settleAll();
    expect(await typesOf(log)).to.deep.equal([]);
    await log.closing(january);
    expect(await failure(log.settleAll())).to.match(/2026-01 is being granted/);
    await log.grantAll();
    await log.settleAll();
    expect(await typesOf(log)).to.deep.equal(['CashbackGranted']);
  });

  it('waits for views that have not got to the close yet', async () => {
    const log = await aLog();
    await log.ask(register(0, 800_00));
    await log.closing(january);
    const [intent] = await log.grants();
    if (!intent) throw new Error('There is nothing to grant');
    const granting = log.grant(intent);
    await log.catchUp();
    await granting;
    expect(await typesOf(log)).to.deep.equal(['CashbackGranted']);
  });

  it('keeps views that say the same as the log', async () => {
    const log = await aLog();
    await log.ask(register(0, 800_00));
    await log.ask(register(2, 300_00));
    await log.closing(january);
    await log.grantAll();
    await log.ask(reject(2));
    await log.settleAll();
    await log.catchUp();
    const months = await log.db<ResellerMonthRow>(resellerMonthsTable).orderBy('month');
    expect(
      months.map((row) => [
        ...[row.month, row.purchased_in_cents, row.cashback_in_cents],
        ...[row.adjustments_in_cents, row.granted_at !== null],
      ]),
    ).to.deep.equal([
      [january, '110000', '16500', '0', true],
      [march, '0', '0', '-8500', false],
    ]);
    const purchaseId = purchaseOf(register(2, 1));
    const one = await log.db<PurchaseRow>(purchasesTable).where('purchase_id', purchaseId).first();
    expect(one).to.include({ status: 'REJECTED', granted_cashback_in_cents: '4500' });
  });
});
