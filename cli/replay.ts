import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { logger } from '#shared/platform/log.ts';
import { views } from '../projections/catalogue.ts';
import { isSame, type Comparison, type Difference } from '../projections/compare.ts';
import { AlreadyRebuilding, NoSuchView } from '../projections/lease.ts';
import type { Progress } from '../projections/rebuild-progress.ts';
import { rebuild, type Rebuilt } from '../projections/rebuild.ts';
import type { AnyView } from '../projections/view.ts';
import { answer, carryOut, EXIT_DIFFERENCES, Failed, type Output } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

const LINE_EVERY_MS = 2_000;

type Options = Output & { readonly all?: boolean; readonly compareOnly?: boolean };

const eta = ({ etaSeconds }: Progress) => (etaSeconds === null ? '–' : `${etaSeconds} s`);

const bar = (view: string) => {
  const shown = new SingleBar({
    format: `${view} {phase} [{bar}] {percentage} %  {processed} events  {rate}/s  {eta_} left`,
    hideCursor: true,
    clearOnComplete: false,
    stream: process.stderr,
  });
  shown.start(100, 0, { phase: 'preparing', processed: 0, rate: 0, eta_: '–' });
  return {
    tell: (progress: Progress) => {
      const { phase, processed, perSecond: rate } = progress;
      const whole = Math.floor(progress.fraction * 100);
      shown.update(whole, { phase, processed, rate, eta_: eta(progress) });
    },
    end: () => {
      shown.stop();
    },
  };
};

/** For whoever reads a file of it later: a line for each phase, and one now and then. */
const lines = (view: string) => {
  let said = { phase: '', at: 0 };
  return {
    tell: (progress: Progress) => {
      const now = performance.now();
      if (progress.phase === said.phase && now - said.at < LINE_EVERY_MS) return;
      said = { phase: progress.phase, at: now };
      const { phase, processed, perSecond, fraction } = progress;
      const share = `${Math.floor(fraction * 100)} %`;
      const rest = `${processed} events, ${perSecond}/s, ${eta(progress)} left`;
      process.stderr.write(`${view}: ${phase}, ${share}, ${rest}\n`);
    },
    end: () => undefined,
  };
};

const quiet = { tell: () => undefined, end: () => undefined };

const progressFor = (view: string, { json }: Output) => {
  if (json) return quiet;
  return process.stderr.isTTY ? bar(view) : lines(view);
};

const wanted = (name: string | undefined, { all }: Options): readonly AnyView[] => {
  const known = views.map((view) => view.name).join(', ');
  if (all && name === undefined) return views;
  const found = views.filter((view) => view.name === name);
  if (all || found.length === 0)
    throw new Failed(`Name one view or say --all; there are: ${known}`);
  return found;
};

const rowInWords = (row: Difference['live']) => (row ? JSON.stringify(row) : 'no row');

const inWords = ({ key, live, rebuilt }: Difference) =>
  `  ${key}\n    live     ${rowInWords(live)}\n    rebuilt  ${rowInWords(rebuilt)}`;

const compared = (comparison: Comparison | undefined) => {
  if (!comparison) return 'nothing to compare with';
  const { rows, onlyLive, onlyRebuilt, different, first } = comparison;
  if (isSame(comparison)) return `${rows.live} rows, 0 differences`;
  const counts = `${different} differ, ${onlyLive} only live, ${onlyRebuilt} only rebuilt`;
  return [`${rows.live} rows, ${counts}`, ...first.map(inWords)].join('\n');
};

const resultOf = ({ view, position, processed, seconds, comparison, switched }: Rebuilt) => {
  const did = switched ? 'made anew' : 'compared';
  const speed = `${processed} events in ${seconds.toFixed(1)} s`;
  return `${view}: ${did} at position ${position}, ${speed}; ${compared(comparison)}`;
};

const facts = (done: Rebuilt) => ({ ...done, position: String(done.position) });

const replayOne = async (
  { db, eventStore }: System,
  view: AnyView,
  options: Options,
): Promise<Rebuilt> => {
  const progress = progressFor(view.name, options);
  const { compareOnly = false } = options;
  try {
    const following = { db, eventStore, log: logger('replay', 'silent') };
    return await rebuild(following, view, { compareOnly, onProgress: progress.tell });
  } catch (error) {
    const isUnderstood = error instanceof AlreadyRebuilding || error instanceof NoSuchView;
    throw isUnderstood ? new Failed(error.message, { cause: error }) : error;
  } finally {
    progress.end();
  }
};

const replayAll = async (system: System, name: string | undefined, options: Options) => {
  const done: Rebuilt[] = [];
  for (const view of wanted(name, options)) done.push(await replayOne(system, view, options));
  answer(options, done.map(resultOf).join('\n'), { items: done.map(facts) });
  const differs = done.some(({ comparison }) => comparison && !isSame(comparison));
  if (differs && options.compareOnly) process.exitCode = EXIT_DIFFERENCES;
};

export const replay = (program: Command, environment: NodeJS.ProcessEnv): void => {
  program
    .command('replay')
    .argument('[view]', 'the read model, as "lastro status" names it')
    .description('make a read model anew from the log, while the old one goes on serving')
    .option('--all', 'every read model, one after the other')
    .option(
      '--compare-only',
      'change nothing: hold the live table against the log; exit 3 if they differ',
    )
    .option('--json', 'the outcome as JSON')
    .addHelpText(
      'after',
      '\nNo e-mail and no cashback is sent again: a replay reaches read models only.',
    )
    .action((view: string | undefined, options: Options) =>
      carryOut(() => onTheSystem(environment, (system) => replayAll(system, view, options))),
    );
};
