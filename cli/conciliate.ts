import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Table from 'cli-table3';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { isFinding, SOURCES, type Source } from '#shared/conciliation/categories.ts';
import { reportOf, type Report } from '#shared/conciliation/report.ts';
import type { ConciliationRow } from '#shared/conciliation/view.ts';
import { Day } from '#shared/kernel/calendar.ts';
import { reader, Unreadable } from '#shared/kernel/schema.ts';
import { itemsOf } from '../query-api/conciliation/answering.ts';
import { csvOfItems } from '../query-api/conciliation/csv.ts';
import type { ItemsWanted } from '../query-api/conciliation/items.ts';
import { pageOf } from './conciliate-page.ts';
import { printed } from './conciliate-pdf.ts';
import { conciliated, conciliationIn } from './conciliate-run.ts';
import { registerMonths } from './conciliate-months.ts';
import { registerPeriods } from './conciliate-period.ts';
import { registerSettle } from './conciliate-settle.ts';
import { carryOut, EXIT_DIFFERENCES, Failed } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Options = {
  readonly source?: Source;
  readonly from?: string;
  readonly to?: string;
  readonly json?: string;
  readonly csv?: string;
  readonly cleared?: string;
};
type Files = { readonly html?: string; readonly pdf?: string };

const readDay = reader(Day);
const day = (given: string): string => {
  try {
    return readDay(given);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new InvalidArgumentError('A day is written like 2026-11-30.');
  }
};

/** Since the report before of the same books and days, where there was one. */
const changesInWords = ({ changes }: Pick<Report, 'changes'>): readonly string[] =>
  changes
    ? [
        `Findings since conciliation ${changes.since}: ${changes.new} new, ${changes.recurring} recurring, ${changes.cleared} cleared.`,
      ]
    : [];

const inWords = ({ categories, balance, matchRate, asOf, ...report }: Report): string => {
  const head = ['category', 'our rows', 'their rows', 'ours', 'theirs', 'difference'];
  const colAligns = head.map((_, nth) => (nth === 0 ? 'left' : 'right'));
  const drawn = new Table({ head, colAligns, style: { head: [], border: [] } });
  for (const [name, one] of Object.entries(categories ?? {}))
    drawn.push([name, one.ourRows, one.theirRows, one.ours, one.theirs, one.difference]);
  if (balance)
    drawn.push([
      ...['balance', balance.ours.rows, balance.theirs.rows],
      ...[balance.ours.amount, balance.theirs.amount, ''],
    ]);
  const { id, source, period } = report;
  const lines = [
    `${source}, sales from ${period.from} to ${period.to}, log up to ${asOf.position}`,
    drawn.toString(),
    `Matched: ${matchRate?.byRows ?? '–'} % of rows, ${matchRate?.byAmount ?? '–'} % of the amount.`,
    ...(report.oldestOpen === null ? [] : [`Oldest to be looked at: ${report.oldestOpen}.`]),
    ...changesInWords(report),
    `Conciliation ${id}`,
  ];
  return lines.join('\n');
};

const hasFindings = ({ source, categories }: Report): boolean =>
  Object.entries(categories ?? {}).some(
    ([name, { ourRows, theirRows }]) => isFinding(source, name) && ourRows + theirRows > 0,
  );

const jsonOf = (report: Report) => `${JSON.stringify(report, null, 2)}\n`;

/** Who may run a command here may see whom it is about: it has the keys at hand. */
const writeItems = async (
  { db, keys }: System,
  row: ConciliationRow,
  file: string,
  wanted: ItemsWanted = {},
): Promise<void> => {
  const pieces = csvOfItems(await itemsOf(db, keys, row, wanted), true);
  await pipeline(Readable.from(pieces, { objectMode: false }), createWriteStream(file));
};

const write = async (system: System, row: ConciliationRow, { json, csv, cleared }: Options) => {
  if (json !== undefined) await writeFile(json, jsonOf(reportOf(row)));
  if (csv !== undefined) await writeItems(system, row, csv);
  if (cleared !== undefined) await writeItems(system, row, cleared, { change: 'CLEARED' });
};

const unlessFailed = (row: ConciliationRow): ConciliationRow => {
  if (row.status !== 'FAILED') return row;
  throw new Failed(
    `Conciliation ${row.conciliation_id} failed: ${row.failure ?? 'see its events'}`,
  );
};

const run = async (
  system: System,
  path: string,
  options: Required<Pick<Options, 'source' | 'from' | 'to'>> & Options,
) => {
  const { source, from, to } = options;
  const row = unlessFailed(await conciliated(system, { source, from, to, path }));
  await write(system, row, options);
  const report = reportOf(row);
  process.stdout.write(`${inWords(report)}\n`);
  if (hasFindings(report)) process.exitCode = EXIT_DIFFERENCES;
};

const show = async (system: System, id: string, { html, pdf }: Files): Promise<void> => {
  const row = UUID.test(id) ? await conciliationIn(system, id) : undefined;
  if (!row) throw new Failed(`There is no conciliation ${id}: "GET /v1/conciliations" lists them`);
  if (row.status === 'RUNNING') throw new Failed('It is still running; ask again in a moment');
  const report = reportOf(unlessFailed(row));
  if (html === undefined && pdf === undefined) {
    process.stdout.write(jsonOf(report));
    return;
  }
  const page = await pageOf(system, row);
  if (html !== undefined) await writeFile(html, page);
  if (pdf !== undefined) await printed(page, pdf);
};

export const conciliate = (program: Command, environment: NodeJS.ProcessEnv): void => {
  const command = program
    .command('conciliate')
    .argument('<statement>', 'a CSV, or an NDJSON if its name ends so')
    .description('set a statement of others against the log, row by row')
    .addOption(new Option('--source <source>', 'whose books it is from').choices(SOURCES))
    .option('--from <day>', 'the first day of sale, like 2026-11-01', day)
    .option('--to <day>', 'the last day of sale', day)
    .option('--json <file>', 'write the report there')
    .option('--csv <file>', 'write all items there')
    .option('--cleared <file>', 'write there what is no finding any more since the report before')
    .action(async (statement: string, options: Options) => {
      const { source, from, to } = options;
      if (source === undefined || from === undefined || to === undefined)
        return command.error('error: --source, --from and --to have to be said');
      if (from > to) return command.error('error: --to must not be before --from');
      const all = { ...options, source, from, to };
      await carryOut(() => onTheSystem(environment, (system) => run(system, statement, all)));
    });
  command
    .command('report')
    .argument('<id>', 'of a conciliation')
    .description('the report of a conciliation; JSON unless a file is named')
    .option('--html <file>', 'write it there as one page that needs nothing else')
    .option('--pdf <file>', 'write it there as a PDF, by the Chromium of this machine')
    .action((id: string, files: Files) =>
      carryOut(() => onTheSystem(environment, (system) => show(system, id, files))),
    );
  // What follows the name of one of these is its own: its "--json" names no file.
  for (const one of [program, command]) one.enablePositionalOptions();
  registerSettle(command, environment);
  registerPeriods(command, environment);
  registerMonths(command, environment);
};
