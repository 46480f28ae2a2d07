import { InvalidArgumentError, Option, type Command } from 'commander';
import { masked, opened } from '#shared/audit/personal-fields.ts';
import { firstOf } from '#shared/audit/query.ts';
import { search } from '#shared/audit/search.ts';
import { shownEvent } from '#shared/audit/stored.ts';
import { LANGUAGES, legible, lineOf, type Language } from '#shared/audit/telling.ts';
import { Day } from '#shared/kernel/calendar.ts';
import { Instant } from '#shared/kernel/message.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { reader, Unreadable } from '#shared/kernel/schema.ts';
import type { StoredLog } from '#shared/kernel/stored-log.ts';
import { exportEvents, FORMATS, withKeys, type Exporting } from './audit-export.ts';
import { onTheLog } from './audit-log.ts';
import { verify, type Verifying } from './audit-verify.ts';
import { carryOut, Failed, type Output } from './outcome.ts';

type Telling = Output & { readonly lang: Language; readonly readable?: boolean };

const readDay = reader(Day);
const readInstant = reader(Instant);

const bound = (given: string): Instant | Day => {
  try {
    const read = given.includes('T') ? readInstant(given) : readDay(given);
    if (Number.isNaN(firstOf(read))) throw new RangeError(given);
    return read;
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof RangeError)) throw error;
    throw new InvalidArgumentError(
      'A day like 2026-01-31, or an instant like 2026-01-31T12:00:00Z.',
    );
  }
};

/** One thing's life: a line for each event, oldest first. */
const tell = async (
  log: StoredLog,
  stream: string,
  { lang, json }: Telling,
  keys?: PersonalKeys,
): Promise<void> => {
  let told = 0;
  for await (const { events } of search(log, { stream })) {
    const current = events.map(legible);
    const shown = keys ? await opened(keys, current) : masked(current);
    for (const event of shown) {
      const line = json
        ? JSON.stringify({ ...shownEvent(event), said: lineOf(event, lang) })
        : lineOf(event, lang);
      process.stdout.write(`${line}\n`);
    }
    told += events.length;
  }
  if (told === 0)
    throw new Failed(
      `There is no stream ${stream}: it is named like activation-<id>, purchase-<id>`,
    );
};

const history = (environment: NodeJS.ProcessEnv, stream: string, options: Telling) =>
  options.readable
    ? withKeys(environment, (log, keys) => tell(log, stream, options, keys))
    : onTheLog(environment, (log) => tell(log, stream, options));

export const audit = (program: Command, environment: NodeJS.ProcessEnv): void => {
  const command = program
    .command('audit')
    .description(
      'what happened, straight from the log: exports, histories, and whether seals hold',
    );
  command
    .command('export')
    .description('events as they are stored, on standard output; the last line is a manifest')
    .option('--from <when>', 'what was done since: a day, or an instant', bound)
    .option('--to <when>', 'what was done until then, included', bound)
    .option('--stream <stream>', 'of one thing only')
    .addOption(new Option('--format <format>', 'how').choices(FORMATS).default('ndjson'))
    .option('--readable', 'personal data in clear; such an export cannot be verified')
    .action((options: Exporting) => carryOut(() => exportEvents(environment, options)));
  command
    .command('history')
    .argument('<stream>', 'like activation-<id>')
    .description('the life of one thing in words, a line for each event')
    .addOption(new Option('--lang <language>', 'in which').choices(LANGUAGES).default('pt-BR'))
    .option('--readable', 'personal data in clear')
    .option('--json', 'print a line of JSON for each')
    .action((stream: string, options: Telling) =>
      carryOut(() => history(environment, stream, options)),
    );
  command
    .command('verify')
    .description('recompute every seal; exit 3 when one does not hold, or events are not in order')
    .option('--file <export>', 'of a full export in NDJSON, without any server')
    .option('--json', 'print JSON')
    .action((options: Verifying) => carryOut(() => verify(environment, options)));
};
