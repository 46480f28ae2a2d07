import type { Command } from 'commander';
import { standingOf, unpark } from '#shared/platform/checkpoint.ts';
import { answer, carryOut, Failed, type Output } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

const resume = async ({ db }: System, name: string, options: Output): Promise<void> => {
  const standing = await standingOf(db, name);
  if (!standing) throw new Failed(`Nothing is called ${name}: "lastro status" lists what there is`);
  if (!standing.parked) throw new Failed(`${name} is not parked: nothing has to be done`);
  await unpark(db, name);
  answer(options, `${name}: goes on after position ${standing.position}`, {
    ...{ name, position: String(standing.position) },
  });
};

export const projections = (program: Command, environment: NodeJS.ProcessEnv): void => {
  program
    .command('projections')
    .description('views and reactions, as "lastro status" lists them')
    .command('resume')
    .argument('<name>')
    .description('let one that is parked go on, once what it was parked for is mended')
    .option('--json', 'print JSON')
    .action((name: string, options: Output) =>
      carryOut(() => onTheSystem(environment, (system) => resume(system, name, options))),
    );
};
