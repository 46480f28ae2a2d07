import { Command, CommanderError } from 'commander';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

type Register = (program: Command, environment: NodeJS.ProcessEnv) => void;

/** Loaded when it is asked for: `run` has no use for what `replay` needs, and starts the faster. */
const commands = new Map<string, () => Promise<Register>>([
  ['run', async () => (await import('./run/run.ts')).run],
  ['accounts', async () => (await import('./accounts.ts')).accounts],
  ['demo', async () => (await import('./demo.ts')).demo],
  ['status', async () => (await import('./status.ts')).status],
  ['audit', async () => (await import('./audit.ts')).audit],
  ['cashback', async () => (await import('./cashback.ts')).cashback],
  ['conciliate', async () => (await import('./conciliate.ts')).conciliate],
  ['effects', async () => (await import('./effects.ts')).effects],
  ['privacy', async () => (await import('./privacy.ts')).privacy],
  ['replay', async () => (await import('./replay.ts')).replay],
  ['verify', async () => (await import('./verify.ts')).verify],
  ['eventstore', async () => (await import('./eventstore.ts')).eventstore],
  ['projections', async () => (await import('./projections.ts')).projections],
  ['slice', async () => (await import('./slice/slice.ts')).slice],
]);

const program = new Command('lastro')
  .description('The event-sourced backend of a partner-benefits business, from the command line')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 wrong usage, 3 differences found, 78 wrong configuration.\n' +
      'The same environment variables apply as to the processes.',
  )
  .showHelpAfterError()
  .exitOverride();

// `run` ends in order; anything else that was begun by a process that is gone has no one to tell.
if (process.argv[2] !== 'run') process.once('disconnect', () => process.exit(EXIT_FAILED));
// Whoever reads what we say may stop in the middle, as `head` does: nothing is wrong then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
// Listening alone must not keep us.
process.channel?.unref();

const asked = commands.get(process.argv[2] ?? '');
const loaded = await Promise.all((asked ? [asked] : [...commands.values()]).map((load) => load()));
for (const register of loaded) register(program, process.env);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
}
