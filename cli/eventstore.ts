import { join } from 'node:path';
import type { Command } from 'commander';
import { commonSettings, settingsFrom } from '#shared/platform/config.ts';
import { backUp } from '../embedded/eventstore/backup.ts';
import { logDirectory, serve } from '../embedded/eventstore/serve.ts';
import { SWITCHES } from '../embedded/eventstore/switches.ts';
import { verifyLog } from '../embedded/eventstore/verify.ts';
import { copyTo } from './eventstore-copy.ts';
import { answer, carryOut, EXIT_DIFFERENCES, type Output } from './outcome.ts';

type Where = Output & { readonly directory?: string };

const dataDirectory = (environment: NodeJS.ProcessEnv): string =>
  settingsFrom({ LASTRO_DATA_DIR: commonSettings.LASTRO_DATA_DIR }, environment).LASTRO_DATA_DIR;

const directoryOf = ({ directory }: Where, environment: NodeJS.ProcessEnv): string =>
  directory ?? logDirectory(dataDirectory(environment));

const verify = async (options: Where, environment: NodeJS.ProcessEnv): Promise<void> => {
  const directory = directoryOf(options, environment);
  const found = await verifyLog(directory);
  const { events, streams, flaws, told } = found;
  const verdict = flaws === 0 ? 'whole' : `NOT WHOLE, ${flaws} flaws`;
  const lines = [`${directory}: ${verdict}; ${events} events in ${streams} streams`, ...told];
  if (flaws > told.length) lines.push(`and ${flaws - told.length} more`);
  answer(options, lines.join('\n  '), { directory, whole: flaws === 0, ...found });
  if (flaws > 0) process.exitCode = EXIT_DIFFERENCES;
};

const backup = async (to: string, options: Where, environment: NodeJS.ProcessEnv) => {
  const directory = directoryOf(options, environment);
  await backUp(directory, to);
  answer(options, `${directory} is copied to ${join(to, 'log.mdb')}`, { directory, to });
};

const DIRECTORY = [
  '--directory <directory>',
  'where the log is, if it is not in LASTRO_DATA_DIR',
] as const;
const JSON_REPORT = ['--json', 'the report as JSON'] as const;

export const eventstore = (program: Command, environment: NodeJS.ProcessEnv): void => {
  const command = program
    .command('eventstore')
    .description('the event store that is embedded, and what it keeps');
  command
    .command('start')
    .description('start it alone, in the foreground, until Ctrl-C')
    .argument('[switches...]')
    .allowUnknownOption()
    .addHelpText('after', `\nSwitches:\n${SWITCHES}`)
    .action((switches: readonly string[]) => serve(switches, environment));
  command
    .command('verify')
    .description('walk all of the log, hold every index against it; exit 3 if anything differs')
    .option(...DIRECTORY)
    .option(...JSON_REPORT)
    .action((options: Where) => carryOut(() => verify(options, environment)));
  command
    .command('backup')
    .argument('<directory>')
    .description('copy the log as it is at one instant, in use or not, into a new directory')
    .option(...DIRECTORY)
    .option(...JSON_REPORT)
    .action((to: string, options: Where) => carryOut(() => backup(to, options, environment)));
  command
    .command('copy')
    .description('copy all streams to another server, in order, and go on there when run again')
    .requiredOption('--to <url>', 'esdb://user:password@host:2113')
    .option(...JSON_REPORT)
    .action((options: Output & { readonly to: string }) =>
      carryOut(() => copyTo(options, dataDirectory(environment), environment)),
    );
};
