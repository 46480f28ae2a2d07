import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Report } from '#shared/conciliation/report.ts';
import { conciliate } from '../../cli/conciliate.ts';
import type { ItemShown } from '../../query-api/conciliation/showing.ts';
import {
  brokenOff,
  everyPage,
  explainAll,
  reportOf,
  sendStatement,
} from '../support/a-statement-sent.ts';
import { aSystem, type ASystem } from '../support/a-system.ts';
import { aUser, type AUser, type Reply } from '../support/a-user.ts';
import { lastro } from '../support/lastro.ts';
import { salesSeenBy, someForwardedSales } from '../support/some-forwarded-sales.ts';
import { waitUntil } from '../support/wait-until.ts';

const PERIOD = { source: 'cashback-api', from: '2026-01-01', to: '2026-01-31' };
const [JOSE, ANA, RUI] = ['52998224725', '08948135015', '39053344705'] as const;
const STRANGER = '11144477735';

describe('A statement, through every process', function () {
  this.timeout(180_000);
  let system: ASystem;
  let directory: string;
  let operator: AUser;
  let sales: Awaited<ReturnType<typeof someForwardedSales>>;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-statement-'));
    system = await aSystem();
    await system.start();
    operator = await aUser(system, 'operator');
    const seen = { uncertain: ANA, seenBy: operator };
    sales = await someForwardedSales(system, [JOSE, ANA, RUI], seen);
  });
  after(async () => {
    await system.remove();
    await rm(directory, { recursive: true, force: true });
  });

  const saleOf = (document: string) =>
    sales.find((one) => one.document === document) ?? expect.fail(`No sale of ${document}`);
  const statement = (note: string) =>
    [
      'createdAt,id,document,cashback',
      `${note},${saleOf(JOSE).partnerId ?? 'NaN'},${JOSE},5.00`,
      `,8001,${ANA},5.00`,
      `,8002,${STRANGER},9.99`,
      ',8003,12312312323,1.00',
      '',
    ].join('\r\n');
  const send = (body: string | ReadableStream<Uint8Array>, headers = {}) =>
    sendStatement(system.commandApi, PERIOD, body, {
      ...{ authorization: operator.authorization },
      ...headers,
    });
  const codeOf = ({ status, body }: Reply) => [status, (body as { readonly code: string }).code];
  const reported = (sent: Reply) => reportOf(operator, sent);

  it('is set against the log, shown row by row, and taken once', async () => {
    const sent = await send(statement('a'), { 'idempotency-key': 'a statement' });
    expect([sent.status, (sent.body as Report).status]).to.deep.equal([202, 'RUNNING']);
    const again = await send(statement('a'), { 'idempotency-key': 'a statement' });
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
    expect([again.status, again.body]).to.deep.equal([202, sent.body]);
    const reused = await send(statement('b'), { 'idempotency-key': 'a statement' });
    expect(codeOf(reused)).to.deep.equal([422, 'idempotency-key-reused']);

    const report = await reported(sent);
    const { categories, balance, statement: read, asOf } = report;
    expect(read).to.include({ rows: 4, unreadable: 1 });
    expect(asOf.position).to.equal(sent.headers.get('log-position'));
    expect(balance).to.deep.equal({
      ours: { rows: 3, amount: '15.00' },
      theirs: { rows: 4, amount: '19.99' },
      holds: true,
    });
    const found = Object.entries(categories ?? {}).filter(([, one]) => one.ourRows + one.theirRows);
    expect(Object.fromEntries(found.map(([name, one]) => [name, one.difference]))).to.deep.equal({
      ...{ MATCHED: '0.00', MISSING_AT_PARTNER: '-5.00', MISSING_IN_LOG: '9.99' },
      ...{ CONFIRMS_UNCERTAIN: '0.00', UNREADABLE: '0.00' },
    });
    const other = await send(statement('a'));
    expect([other.status, other.body]).to.deep.equal([200, { id: report.id, status: 'COMPLETED' }]);
  });

  it('shows its items to those who may see them, in JSON and as CSV', async () => {
    const report = await reported(await send(statement('a')));
    const path = `/v1/conciliations/${report.id}/items`;
    const { body } = await operator.get(path);
    const { items } = body as { readonly items: readonly ItemShown[] };
    expect(items.map(({ category, document }) => [category, document])).to.deep.equal([
      ['MATCHED', JOSE],
      ['CONFIRMS_UNCERTAIN', ANA],
      ['MISSING_IN_LOG', STRANGER],
      ['UNREADABLE', null],
      ['MISSING_AT_PARTNER', RUI],
    ]);
    const pages = await everyPage(operator, path, 2);
    expect(pages).to.deep.equal(items);

    const auditor = await aUser(system, 'auditor');
    const masked = await auditor.get(`${path}?category=MATCHED`);
    const [first] = (masked.body as { items: readonly ItemShown[] }).items;
    expect(first?.document).to.equal('***.982.247-**');
    const csv = await auditor.get(path, { accept: 'text/csv' });
    expect(String(csv.body).trim().split('\r\n')).to.have.length(items.length + 1);
    expect(String(csv.body)).not.to.include(JOSE);
    expect((await operator.get(`${path}?category=NOTHING`)).status).to.equal(422);
    expect((await (await aUser(system, 'erp')).get(path)).status).to.equal(403);
  });

  it('is refused when its header cannot be read, and not kept when its sender goes away', async () => {
    const refused = await send('document;cashback\n');
    expect(codeOf(refused)).to.deep.equal([422, 'invalid-statement']);
    const before = (await operator.get('/v1/conciliations')).body;
    const goingAway = send(brokenOff(statement('gone')));
    expect(await goingAway.catch((error: unknown) => String(error))).to.match(/fetch failed/);
    expect((await operator.get('/v1/conciliations')).body).to.deep.equal(before);
  });

  it('comes to the same report when the process that sets it against the log is killed', async () => {
    const sent = await send(statement('c'));
    system.kill('projections/main.ts');
    const { categories } = await reported(sent);
    const first = await reported(await send(statement('a')));
    expect(categories).to.deep.equal(first.categories);
  });

  const run = (...args: string[]) => lastro(conciliate, system.environment, 'conciliate', ...args);

  it('is sent from the command line as well, which writes what was found', async () => {
    const file = (name: string) => join(directory, name);
    await writeFile(file('a.csv'), statement('d'));
    const period = ['--source', PERIOD.source, '--from', PERIOD.from, '--to', PERIOD.to];
    const files = ['--json', file('report.json'), '--csv', file('items.csv')];
    const { code, out } = await run(...period, ...files, file('a.csv'));
    expect(code, out).to.equal(3);
    expect(out)
      .to.match(/CONFIRMS_UNCERTAIN/)
      .and.to.match(/balance/);
    const report = JSON.parse(await readFile(file('report.json'), 'utf8')) as Report;
    expect(report.balance?.holds).to.equal(true);
    expect(await readFile(file('items.csv'), 'utf8')).to.include(`MISSING_IN_LOG`);

    const shown = await run('report', report.id, '--html', file('report.html'));
    expect(shown.code, shown.said).to.equal(0);
    const page = await readFile(file('report.html'), 'utf8');
    expect(page).to.include('<svg').and.to.include(report.statement.sha256);
    expect(page).not.to.match(/(?:src|href)=/);
    expect(page).not.to.include(STRANGER);

    const outside = ['--source', 'erp', '--from', '2025-01-01', '--to', '2025-01-31'];
    await writeFile(file('none.csv'), 'document,total,sold_at\n');
    expect((await run(...outside, file('none.csv'))).code).to.equal(0);
    expect((await run(...period, file('nothing.csv'))).code).to.equal(1);
    expect((await run(file('a.csv'))).code).to.equal(2);
  });

  it('settles what it confirms, and holds its month open until all else is seen to', async () => {
    const { id } = await reported(await send(statement('a')));
    const settled = await run('settle', id, '--reason', 'The partner lists it', '--json');
    expect([settled.code, JSON.parse(settled.out)], settled.said).to.deep.equal([
      ...[0, { id, status: 'SETTLED', items: 1, settled: 1, left: 0 }],
    ]);
    await waitUntil('the sale is settled', async () => {
      const sale = (await salesSeenBy(operator)).find(({ document }) => document === ANA);
      return sale?.status === 'ACCEPTED' && sale.partnerId === '8001';
    });
    const { id: next, changes } = await reported(await send(statement('e')));
    expect(changes).to.include({ new: 0, recurring: 3, cleared: 1 });
    const shown = await run('report', next, '--html', join(directory, 'next.html'));
    expect(shown.code, shown.said).to.equal(0);
    const page = await readFile(join(directory, 'next.html'), 'utf8');
    expect(page).to.include('Since the report before').and.to.include('CONFIRMS_UNCERTAIN');

    const refused = await run('close', '2026-01');
    expect(refused.code).to.equal(1);
    expect(refused.said).to.include(`3 of conciliation ${next}`);
    await explainAll(operator, next);
    const closed = await run('close', '2026-01');
    expect(closed.code, closed.said).to.equal(0);
    const late = await send(statement('f'));
    expect(codeOf(late)).to.deep.equal([409, 'period-closed']);
    expect((await run('reopen', '2026-01', '--reason', 'There is another one')).code).to.equal(0);
  });

  it('sets what was granted against what the partner says is accumulated', async () => {
    const months = await run('months', '--json', join(directory, 'months.ndjson'));
    expect(months.code, months.said).to.equal(3);
    const rita: unknown = JSON.parse(await readFile(join(directory, 'months.ndjson'), 'utf8'));
    expect(rita).to.include({ document: STRANGER, granted: '0.00', status: 'DIFFERENT' });
  });
});
