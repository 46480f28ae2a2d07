import { Command, CommanderError } from 'commander';
import { accounts } from './accounts.ts';
import { demo } from './demo.ts';
import { run } from './run/run.ts';

/** Wrong usage; see the exit codes in the help. */
const EXIT_USAGE = 2;

const program = new Command('lastro')
  .description('The event-sourced backend of a partner-benefits business, from the command line')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 differences found, 78 wrong configuration.\n' +
      'The same environment variables apply as to the processes.',
  )
  .showHelpAfterError()
  .exitOverride();

for (const register of [run, accounts, demo]) register(program, process.env);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
}
