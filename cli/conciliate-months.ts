import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import Table from 'cli-table3';
import { Option, type Command } from 'commander';
import { CREDIT_STATUSES, CREDIT_UNITS, type CreditUnit } from '#shared/cashback-month/credit.ts';
import { settingsFrom } from '#shared/platform/config.ts';
import { secretSettings } from '#shared/platform/secrets.ts';
import { cashbackBalance } from '../adapters/cashback-api/balance.ts';
import { csvOfCredits } from '../query-api/cashback-month/credit-routes.ts';
import { allCredits, type CreditShown } from '../query-api/cashback-month/credits.ts';
import { balanceFrom, balanceSettings } from '../query-api/config.ts';
import { carryOut, EXIT_DIFFERENCES } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

type Options = { readonly unit?: CreditUnit; readonly json?: string; readonly csv?: string };

/** A line of JSON for each, so that there may be as many as there are. */
const jsonOf = async function* (chunks: AsyncIterable<readonly CreditShown[]>) {
  for await (const credits of chunks)
    yield credits.map((one) => `${JSON.stringify(one)}\n`).join('');
};

const gathered = async (chunks: AsyncIterable<readonly CreditShown[]>) => {
  const all: CreditShown[] = [];
  for await (const credits of chunks) all.push(...credits);
  return all;
};

const inWords = (credits: readonly CreditShown[]): string => {
  const drawn = new Table({ head: ['status', 'people'], style: { head: [], border: [] } });
  for (const status of CREDIT_STATUSES)
    drawn.push([status, credits.filter((one) => one.status === status).length]);
  const agreeing = (unit: keyof CreditShown['difference']) =>
    credits.filter(({ difference }) => difference[unit] === '0.00').length;
  return [
    'Closed months against what the partner says is accumulated, per CPF',
    drawn.toString(),
    `Of ${credits.length}, ${agreeing('asReais')} agree if the partner counts reais, ${agreeing('asCents')} if it counts cents.`,
  ].join('\n');
};

const chunksOf = async function* (credits: readonly CreditShown[]) {
  yield await Promise.resolve(credits);
};

const written = async (pieces: AsyncIterable<string>, file: string): Promise<void> =>
  pipeline(Readable.from(pieces, { objectMode: false }), createWriteStream(file));

const AGREED = new Set(['MATCHED', 'ERASED']);

/** Who may run a command here may see whom it is about: it has the keys at hand. */
const months = async (
  { db, keys }: System,
  balanceOf: ReturnType<typeof cashbackBalance>,
  { unit, json, csv }: Options,
) => {
  // The partner is asked once for each, however many files are written.
  const credits = await gathered(allCredits({ db, keys, balanceOf }, { unit, seesPeople: true }));
  if (json !== undefined) await writeFile(json, jsonOf(chunksOf(credits)));
  if (csv !== undefined) await written(csvOfCredits(chunksOf(credits)), csv);
  process.stdout.write(`${inWords(credits)}\n`);
  if (!credits.every(({ status }) => AGREED.has(status))) process.exitCode = EXIT_DIFFERENCES;
};

const balanceIn = (environment: NodeJS.ProcessEnv) => {
  const given = settingsFrom({ ...secretSettings, ...balanceSettings }, environment);
  return cashbackBalance({ ...balanceFrom(given), onTrouble: () => undefined });
};

export const registerMonths = (command: Command, environment: NodeJS.ProcessEnv): void => {
  command
    .command('months')
    .description('set closed months of cashback against what the partner says is accumulated')
    .addOption(new Option('--unit <unit>', 'in what the partner counts').choices(CREDIT_UNITS))
    .option('--json <file>', 'write each reseller there, a JSON a line')
    .option('--csv <file>', 'write each reseller there')
    .action((options: Options) =>
      carryOut(() =>
        onTheSystem(environment, (system) => months(system, balanceIn(environment), options)),
      ),
    );
};
