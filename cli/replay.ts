import { Option, type Command } from 'commander';
import { logger } from '#shared/platform/log.ts';
import { views } from '../projections/catalogue.ts';
import { isSame } from '../projections/compare.ts';
import { AlreadyRebuilding, NoSuchView } from '../projections/lease.ts';
import { ask } from '../projections/rebuild-state.ts';
import { Aborted, giveUp, Paused, rebuild, type Rebuilt } from '../projections/rebuild.ts';
import { dropArchive } from '../projections/shadow.ts';
import type { AnyView } from '../projections/view.ts';
import { comparisonInWords } from './comparison.ts';
import { answer, carryOut, EXIT_DIFFERENCES, Failed, type Output } from './outcome.ts';
import { progressFor } from './replay-progress.ts';
import { onTheSystem, type System } from './system.ts';

type Options = Output & {
  readonly all?: boolean;
  readonly compareOnly?: boolean;
  readonly pause?: boolean;
  readonly resume?: boolean;
  readonly abort?: boolean;
};

const wanted = (name: string | undefined, { all }: Options): readonly AnyView[] => {
  const known = views.map((view) => view.name).join(', ');
  if (all && name === undefined) return views;
  const found = views.filter((view) => view.name === name);
  if (all || found.length === 0)
    throw new Failed(`Name one view or say --all; there are: ${known}`);
  return found;
};

const resultOf = ({ view, position, processed, seconds, comparison, switched }: Rebuilt) => {
  const did = switched ? 'made anew' : 'compared';
  const speed = `${processed} events in ${seconds.toFixed(1)} s`;
  const compared = comparisonInWords(comparison);
  return `${view}: ${did} at position ${position}, ${speed}; ${compared}`;
};

const facts = (done: Rebuilt) => ({ ...done, position: String(done.position) });

const UNDERSTOOD = [Aborted, AlreadyRebuilding, NoSuchView, Paused];

/** What is told by the message in full. */
const plainly = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const understood = UNDERSTOOD.some((kind) => error instanceof kind);
    throw understood ? new Failed((error as Error).message, { cause: error }) : error;
  }
};

export const replayOne = async (
  { db, eventStore }: System,
  view: AnyView,
  options: Output & { readonly compareOnly?: boolean },
): Promise<Rebuilt> => {
  const progress = progressFor(view.name, options);
  const { compareOnly = false } = options;
  const following = { db, eventStore, log: logger('replay', 'silent') };
  try {
    return await plainly(() =>
      rebuild(following, view, { compareOnly, onProgress: progress.tell }),
    );
  } finally {
    progress.end();
  }
};

const replayAll = async (system: System, chosen: readonly AnyView[], options: Options) => {
  const done: Rebuilt[] = [];
  for (const view of chosen) done.push(await replayOne(system, view, options));
  answer(options, done.map(resultOf).join('\n'), { items: done.map(facts) });
  const differs = done.some(({ comparison }) => comparison && !isSame(comparison));
  if (differs && options.compareOnly) process.exitCode = EXIT_DIFFERENCES;
};

/** Whoever is at it hears of it within a second. */
const asking = async ({ db }: System, chosen: readonly AnyView[], options: Options) => {
  const asked = options.pause ? 'PAUSE' : 'ABORT';
  for (const { name } of chosen)
    if (!(await ask(db, name, asked)) && !options.all)
      throw new Failed(`There is no rebuild of view ${name}: see "lastro status"`);
  const names = chosen.map(({ name }) => name);
  answer(options, `${names.join(', ')}: asked to ${asked.toLowerCase()}`, { asked, views: names });
};

/** Where nobody is at it, nobody would hear: it is given up here. */
const abort = async (system: System, chosen: readonly AnyView[], options: Options) => {
  await asking(system, chosen, options);
  for (const view of chosen)
    await giveUp(system.db, view).catch((error: unknown) => {
      const isHeard = error instanceof AlreadyRebuilding || error instanceof NoSuchView;
      if (!isHeard) throw error;
    });
};

const resume = async (system: System, chosen: readonly AnyView[], options: Options) => {
  const left: AnyView[] = [];
  for (const view of chosen) if (await ask(system.db, view.name, null)) left.push(view);
  if (left.length === 0) throw new Failed('There is no rebuild to go on with: see "lastro status"');
  await replayAll(system, left, options);
};

const act = (system: System, name: string | undefined, options: Options): Promise<void> => {
  const chosen = wanted(name, options);
  if (options.pause) return asking(system, chosen, options);
  if (options.abort) return abort(system, chosen, options);
  if (options.resume) return resume(system, chosen, options);
  return replayAll(system, chosen, options);
};

const drop = async ({ db }: System, name: string, options: Output): Promise<void> => {
  const [view] = wanted(name, {});
  const dropped = view !== undefined && (await dropArchive(db, view));
  const words = dropped ? 'the table from before the last replay is dropped' : 'nothing is kept';
  answer(options, `${name}: ${words}`, { view: name, dropped });
};

export const replay = (program: Command, environment: NodeJS.ProcessEnv): void => {
  const command = program
    .command('replay')
    .argument('[view]', 'the read model, as "lastro status" names it')
    .description('make a read model anew from the log, while the old one goes on serving')
    .option('--all', 'every read model, one after the other')
    .option(
      '--compare-only',
      'change nothing: hold the live table against the log; exit 3 if they differ',
    )
    .addOption(new Option('--pause', 'stop the one under way, to go on later').conflicts('abort'))
    .addOption(
      new Option('--resume', 'go on with one that was paused').conflicts(['pause', 'abort']),
    )
    .option('--abort', 'give up the one under way; the live table stays as it is')
    .option('--json', 'the outcome as JSON; progress as JSON, a line each, on standard error')
    .addHelpText(
      'after',
      '\nOne that was killed goes on where it was. The old table is kept until the next replay or' +
        '\n"lastro replay drop <view>". No e-mail and no cashback is sent again: a replay reaches' +
        '\nread models only.',
    )
    .action((view: string | undefined, options: Options) =>
      carryOut(() => onTheSystem(environment, (system) => act(system, view, options))),
    );
  command
    .command('drop')
    .argument('<view>')
    .description('drop the table that the last replay has taken the place of')
    .action((view: string) =>
      carryOut(() => onTheSystem(environment, (system) => drop(system, view, command.opts()))),
    );
};
