import escapeHtml from 'escape-html';
import { findingsOf, isFinding } from '#shared/conciliation/categories.ts';
import { reportOf, type Report } from '#shared/conciliation/report.ts';
import type { ConciliationRow } from '#shared/conciliation/view.ts';
import { itemsOf } from '../query-api/conciliation/answering.ts';
import type { ItemsWanted } from '../query-api/conciliation/items.ts';
import { daysOf } from '../query-api/conciliation/queries.ts';
import type { ItemAnswered } from '../query-api/conciliation/resolutions.ts';
import { chartOf, type Bar } from './conciliate-chart.ts';
import { STYLE } from './conciliate-style.ts';
import type { System } from './system.ts';

/** Of each category; the CSV has all of them. */
const MOST_SHOWN = 100;

const DAY_MS = 86_400_000;
/** How old what is open is: up to so many days. */
const AGES = [7, 30, 90] as const;

const text = (value: string | number | null | undefined): string =>
  escapeHtml(String(value ?? '–'));

/** The first of them. A page is passed on: whoever needs the whole document takes the CSV. */
const first = async ({ db, keys }: System, row: ConciliationRow, wanted: ItemsWanted) => {
  const { page, answered } = await itemsOf(db, keys, row, wanted);
  return answered(await page(MOST_SHOWN, undefined), false);
};

const findings = async (system: System, row: ConciliationRow) => {
  const found = new Map<string, readonly ItemAnswered[]>();
  for (const category of findingsOf(row.source))
    found.set(category, await first(system, row, { category }));
  return found;
};

const AGE_NAMES = [...AGES.map((most) => `up to ${most} days`), `over ${AGES[2]} days`, 'no date'];

const ageOf = (on: string | null, until: string): string => {
  const day = Date.parse(on ?? '');
  if (Number.isNaN(day)) return 'no date';
  const days = Math.floor((Date.parse(until) - day) / DAY_MS);
  const nth = AGES.findIndex((most) => days <= most);
  return AGE_NAMES.at(nth < 0 ? AGES.length : nth) ?? '';
};

const ageing = async ({ db }: System, conciliation: ConciliationRow): Promise<Bar[]> => {
  const until = conciliation.started_at.toISOString();
  const days = [...(await daysOf(db, conciliation, findingsOf(conciliation.source)))];
  const countOf = (name: string) =>
    days.reduce((sum, [on, count]) => (ageOf(on, until) === name ? sum + count : sum), 0);
  return AGE_NAMES.map((name) => ({ name, value: countOf(name), isFinding: true }));
};

const row = (cells: readonly (string | number | null | undefined)[], tag = 'td') =>
  `<tr>${cells.map((cell) => `<${tag}>${text(cell)}</${tag}>`).join('')}</tr>`;

const totals = ({ categories, balance }: Report): string => `
  <table class="numbers"><thead>${row(
    ['Category', 'Our rows', 'Their rows', 'Ours', 'Theirs', 'Difference'],
    'th',
  )}</thead><tbody>${Object.entries(categories ?? {})
    .map(([name, one]) =>
      row([name, one.ourRows, one.theirRows, one.ours, one.theirs, one.difference]),
    )
    .join('')}</tbody><tfoot>${row([
    ...['Read', balance?.ours.rows, balance?.theirs.rows],
    ...[balance?.ours.amount, balance?.theirs.amount, ''],
  ])}</tfoot></table>`;

/** Whether it was there before, and what was done about it. */
const lifeOf = ({ change, resolution }: Pick<ItemAnswered, 'change' | 'resolution'>): string => {
  const done =
    resolution && (resolution.status === 'RESOLVED' ? resolution.resolution : resolution.status);
  return (
    [change, done]
      .filter((word) => word !== undefined)
      .join(', ')
      .toLowerCase() || 'open'
  );
};

const section = (category: string, items: readonly ItemAnswered[], all: number): string =>
  items.length === 0
    ? ''
    : `<h3>${text(category)} <small>${all}</small></h3>
  <table><thead>${row(['Line', 'Their id', 'Sale', 'Document', 'Ours', 'Theirs', 'Why', 'Is'], 'th')}</thead>
  <tbody>${items
    .map(({ ours, theirs, ...item }) =>
      row([
        ...[theirs?.line, theirs?.id, ours?.saleId, item.document],
        ...[ours?.amount, theirs?.amount, item.reason, lifeOf(item)],
      ]),
    )
    .join('')}</tbody></table>
  ${all > items.length ? `<p class="more">and ${all - items.length} more, in the CSV</p>` : ''}`;

const facts = (report: Report): string =>
  [
    ['Source', report.source],
    ['Days of sale', `${report.period.from} to ${report.period.to}`],
    ['Log up to position', report.asOf.position],
    ['Started', report.startedAt],
    ['Statement', `${report.statement.rows} rows, ${report.statement.unreadable} unreadable`],
    ['SHA-256', report.statement.sha256],
    ['Rule sets', report.ruleSets.join(', ')],
    ['Oldest open', report.oldestOpen],
    ['Conciliation', report.id],
  ]
    .map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`)
    .join('');

const barsOf = ({ categories, source }: Report): Bar[] =>
  Object.entries(categories ?? {}).map(([name, { ourRows, theirRows }]) => ({
    ...{ name, value: Math.max(ourRows, theirRows) },
    isFinding: isFinding(source, name),
  }));

/** What has become of what the report before found; nothing where there was none. */
const since = async (system: System, conciliation: ConciliationRow): Promise<string> => {
  const { changes } = conciliation.totals ?? {};
  if (!changes) return '';
  const bars = [
    { name: 'new', value: changes.new, isFinding: true },
    { name: 'recurring', value: changes.recurring, isFinding: true },
    { name: 'cleared', value: changes.cleared, isFinding: false },
  ];
  const cleared = await first(system, conciliation, { change: 'CLEARED' });
  return `<section><h2>Since the report before</h2>${chartOf(bars, 'Findings since the report before')}
<p class="more">That was conciliation ${text(changes.since)}.</p>
${section('CLEARED', cleared, changes.cleared)}</section>`;
};

/** A conciliation as people read it: one page that needs nothing else. Documents are masked. */
export const pageOf = async (system: System, conciliation: ConciliationRow): Promise<string> => {
  const report = reportOf(conciliation);
  const found = await findings(system, conciliation);
  const rowsOf = (name: string) => {
    const { ourRows = 0, theirRows = 0 } = report.categories?.[name] ?? {};
    return Math.max(ourRows, theirRows);
  };
  const open = [...found].map(([name, items]) => section(name, items, rowsOf(name))).join('');
  const { byRows, byAmount } = report.matchRate ?? { byRows: '–', byAmount: '–' };
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Conciliation ${text(report.period.from)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${STYLE}</style></head>
<body><main>
<header><p class="brand">Lastro</p><h1>Conciliation</h1>
<p class="lead">${text(report.source)} · ${text(report.period.from)} – ${text(report.period.to)}</p></header>
<section class="tiles"><div><b>${text(byRows)} %</b>of rows matched</div>
<div><b>${text(byAmount)} %</b>of the amount matched</div>
<div><b>${[...found.keys()].reduce((sum, name) => sum + rowsOf(name), 0)}</b>to be looked at</div></section>
<section><h2>Categories</h2>${chartOf(barsOf(report), 'Rows in each category')}${totals(report)}</section>
<section><h2>Age of what is open</h2>${chartOf(await ageing(system, conciliation), 'Open rows by age')}</section>
<section><h2>Findings</h2>${open === '' ? '<p>There are none: both sides agree.</p>' : open}</section>
${await since(system, conciliation)}
<section><h2>How this was made</h2><dl>${facts(report)}</dl></section>
</main></body></html>
`;
};
