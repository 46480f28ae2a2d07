import Table from 'cli-table3';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { effect } from '#shared/effect/decider.ts';
import { effectEvents } from '#shared/effect/events.ts';
import { INTENT_STATUSES, type IntentStatus } from '#shared/effect/intent.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { LARGEST_LIST } from '#shared/platform/http/query.ts';
import { effectExistsIn } from '../adapters/postgres/effects.ts';
import { effectsAfter } from '../query-api/effect/queries.ts';
import { effectOf } from '../query-api/effect/routes.ts';
import { askedHere } from './asked-here.ts';
import { answer, carryOut, Failed, type Output } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

const USUAL_LIST = 50;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Options = Output & { readonly status?: IntentStatus; readonly limit: number };
type Effect = ReturnType<typeof effectOf>;

const lineOf = ({ id, kind, stream, status, attempts, nextAttemptAt, lastError }: Effect) => [
  ...[id, kind, stream, status, String(attempts)],
  ...[nextAttemptAt ?? '', lastError ?? ''],
];

const inWords = (effects: readonly Effect[]): string => {
  if (effects.length === 0) return 'No such effects.';
  const head = ['id', 'kind', 'about', 'status', 'attempts', 'next attempt', 'last error'];
  const drawn = new Table({ head, style: { head: [], border: [] } });
  drawn.push(...effects.map(lineOf));
  return drawn.toString();
};

const list = async ({ db }: System, options: Options): Promise<void> => {
  const { status, limit } = options;
  const effects = (await effectsAfter(db, { status, limit })).map(effectOf);
  answer(options, inWords(effects), { items: effects });
};

const retry = async (system: System, id: string, options: Output): Promise<void> => {
  const { db, eventStore } = system;
  const { asked } = askedHere();
  const { actor, at } = asked.meta;
  const data = { effectId: id, by: actor.id, at };
  const handle = commandHandler(eventStore, 'effect', effectEvents, effect);
  const handled = await handle(id, { type: 'RetryEffect', data }, asked);
  if (handled.outcome === 'refused') {
    if (!(await effectExistsIn(db)(id))) throw new Failed(`There is no effect ${id}`);
    throw new Failed(`Effect ${id} has not been given up: it is done, or still being tried`);
  }
  answer(options, `Effect ${id} will be tried afresh`, { id, status: 'WAITING' });
};

const limitOf = (given: string): number => {
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= LARGEST_LIST) return limit;
  throw new InvalidArgumentError(`From 1 to ${LARGEST_LIST}.`);
};

const idOf = (given: string): string => {
  const id = given.toLowerCase();
  if (UUID.test(id)) return id;
  throw new InvalidArgumentError('An effect’s id is a UUID, as "lastro effects" shows it.');
};

export const effects = (program: Command, environment: NodeJS.ProcessEnv): void => {
  const command = program
    .command('effects')
    .description('what is done outside because of events, newest first')
    .addOption(new Option('--status <status>', 'only these').choices(INTENT_STATUSES))
    .option('--limit <count>', 'at most so many', limitOf, USUAL_LIST)
    .option('--json', 'print JSON')
    .action((options: Options) =>
      carryOut(() => onTheSystem(environment, (system) => list(system, options))),
    );
  command
    .command('retry')
    .argument('<id>', 'the effect', idOf)
    .description('have an effect that was given up tried afresh; on record, under your name')
    .option('--json', 'print JSON')
    .action((id: string, _options: Output, asking: Command) =>
      carryOut(() =>
        onTheSystem(environment, (system) => retry(system, id, asking.optsWithGlobals())),
      ),
    );
};
