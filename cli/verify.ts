import type { Command } from 'commander';
import { views } from '../projections/catalogue.ts';
import { isSame } from '../projections/compare.ts';
import type { Rebuilt } from '../projections/rebuild.ts';
import { comparisonInWords } from './comparison.ts';
import { answer, carryOut, EXIT_DIFFERENCES, type Output } from './outcome.ts';
import { replayOne } from './replay.ts';
import { onTheSystem, type System } from './system.ts';

/** A table that is not there at all is the largest difference there can be. */
const isRight = ({ comparison }: Rebuilt): boolean =>
  comparison !== undefined && isSame(comparison);

const inWords = (found: Rebuilt): string => {
  const { view, position, processed, comparison } = found;
  const { live = 'no table', rebuilt = '-' } = comparison?.checksums ?? {};
  return [
    `${view}: ${isRight(found) ? 'as the log says' : 'NOT AS THE LOG SAYS'}`,
    `  position ${position}, ${processed} events; ${comparisonInWords(comparison)}`,
    `  live     sha256 ${live}`,
    `  rebuilt  sha256 ${rebuilt}`,
  ].join('\n');
};

const factsOf = (found: Rebuilt) => {
  const { view, position, processed, comparison } = found;
  return { view, position: String(position), processed, same: isRight(found), ...comparison };
};

const verifyViews = async (system: System, options: Output): Promise<void> => {
  const at = new Date().toISOString();
  const found: Rebuilt[] = [];
  for (const view of views)
    found.push(await replayOne(system, view, { ...options, compareOnly: true }));
  const same = found.every(isRight);
  const head = `Read models against the log, begun at ${at}: ${same ? '' : 'NOT '}the same`;
  answer(options, [head, ...found.map(inWords)].join('\n'), {
    ...{ at, same },
    views: found.map(factsOf),
  });
  if (!same) process.exitCode = EXIT_DIFFERENCES;
};

export const verify = (program: Command, environment: NodeJS.ProcessEnv): void => {
  program
    .command('verify')
    .description('hold what is kept against the log')
    .command('views')
    .description('every read model against the log, row by row; exit 3 if anything differs')
    .option('--json', 'the report as JSON; progress as JSON, a line each, on standard error')
    .action((options: Output) =>
      carryOut(() => onTheSystem(environment, (system) => verifyViews(system, options))),
    );
};
