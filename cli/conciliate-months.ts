import { open, type FileHandle } from 'node:fs/promises';
import Table from 'cli-table3';
import { Option, type Command } from 'commander';
import { CREDIT_STATUSES, CREDIT_UNITS, type CreditUnit } from '#shared/cashback-month/credit.ts';
import { settingsFrom } from '#shared/platform/config.ts';
import { secretSettings } from '#shared/platform/secrets.ts';
import { cashbackBalance } from '../adapters/cashback-api/balance.ts';
import { CREDITS_HEAD, csvOfCredits } from '../query-api/cashback-month/credit-routes.ts';
import { allCredits, type CreditShown } from '../query-api/cashback-month/credits.ts';
import { balanceFrom, balanceSettings } from '../query-api/config.ts';
import { carryOut, EXIT_DIFFERENCES } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

type Options = { readonly unit?: CreditUnit; readonly json?: string; readonly csv?: string };

const AGREED = new Set(['MATCHED', 'ERASED']);
const UNITS = ['asReais', 'asCents'] as const;

const tally = () => {
  const people = new Map<string, number>();
  const agreeing = { asReais: 0, asCents: 0 };
  const all = () => [...people.values()].reduce((sum, some) => sum + some, 0);
  return {
    add: ({ status, difference }: CreditShown): void => {
      people.set(status, (people.get(status) ?? 0) + 1);
      for (const unit of UNITS) if (difference[unit] === '0.00') agreeing[unit] += 1;
    },
    allAgree: () => [...people.keys()].every((status) => AGREED.has(status)),
    inWords: (): string => {
      const drawn = new Table({ head: ['status', 'people'], style: { head: [], border: [] } });
      for (const status of CREDIT_STATUSES) drawn.push([status, people.get(status) ?? 0]);
      return [
        'Closed months against what the partner says is accumulated, per CPF',
        drawn.toString(),
        `Of ${all()}, ${agreeing.asReais} agree if the partner counts reais, ${agreeing.asCents} if it counts cents.`,
      ].join('\n');
    },
  };
};

/** A line of JSON for each, so that there may be as many as there are. */
const jsonOf = (credits: readonly CreditShown[]): string =>
  credits.map((one) => `${JSON.stringify(one)}\n`).join('');

/** A file that is written as it comes; none where none is wanted. */
const opened = async (path: string | undefined): Promise<FileHandle | undefined> =>
  path === undefined ? undefined : open(path, 'w');

/** Who may run a command here may see whom it is about: it has the keys at hand. */
const months = async (
  { db, keys }: System,
  balanceOf: ReturnType<typeof cashbackBalance>,
  { unit, ...files }: Options,
) => {
  const found = tally();
  const json = await opened(files.json);
  const csv = await opened(files.csv);
  try {
    await csv?.appendFile(CREDITS_HEAD);
    // The partner is asked once for each, however many files are written.
    for await (const credits of allCredits({ db, keys, balanceOf }, { unit, seesPeople: true })) {
      for (const credit of credits) found.add(credit);
      await json?.appendFile(jsonOf(credits));
      await csv?.appendFile(csvOfCredits(credits));
    }
  } finally {
    await Promise.all([json?.close(), csv?.close()]);
  }
  process.stdout.write(`${found.inWords()}\n`);
  if (!found.allAgree()) process.exitCode = EXIT_DIFFERENCES;
};

/** Why there was no answer is said once, however many there was none about. */
const sayingOnce = () => {
  const said = new Set<string>();
  return (why: string): void => {
    if (!said.has(why)) process.stderr.write(`The partner gave no answer: ${why}\n`);
    said.add(why);
  };
};

const balanceIn = (environment: NodeJS.ProcessEnv) => {
  const given = settingsFrom({ ...secretSettings, ...balanceSettings }, environment);
  return cashbackBalance({ ...balanceFrom(given), onTrouble: sayingOnce() });
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
