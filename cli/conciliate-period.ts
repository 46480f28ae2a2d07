import { InvalidArgumentError, type Command } from 'commander';
import { FIRST_MONTH } from '#shared/conciliation/closed-periods.ts';
import { conciliationPeriodEvents } from '#shared/conciliation/events.ts';
import {
  conciliationPeriod,
  type PeriodCommand,
  type PeriodRefusal,
} from '#shared/conciliation/period.ts';
import type { Standing } from '#shared/conciliation/standing.ts';
import { dayOf, monthOf, type Month } from '#shared/kernel/calendar.ts';
import { commandHandler, type Asked } from '#shared/kernel/handle-command.ts';
import { standingIn } from '../adapters/postgres/conciliation/standing-index.ts';
import { askedHere } from './asked-here.ts';
import { month } from './calendar-arguments.ts';
import { answer, carryOut, Failed, type Output } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

const closable = (given: string): Month => {
  const read = month(given);
  if (read >= FIRST_MONTH) return read;
  throw new InvalidArgumentError(`The first month is ${FIRST_MONTH}.`);
};

const openIn = ({ reports }: Standing): string =>
  reports
    .filter(({ open }) => open > 0)
    .map(({ conciliationId, open }) => `${open} of conciliation ${conciliationId}`)
    .join(', ');

const SAID: Readonly<Record<PeriodRefusal, (month: Month, standing: Standing) => string>> = {
  'period-not-begun': (wanted) => `${wanted} has not begun`,
  'conciliation-running': () => 'A statement of this month is still being set against the log',
  'findings-open': (_month, standing) =>
    `There are findings of which nobody said what was done: ${openIn(standing)}. Resolve them first`,
  'period-not-closed': (wanted) => `${wanted} was never closed`,
};

const NOTHING: Standing = { running: 0, reports: [] };

const decided = async (
  { eventStore }: System,
  command: PeriodCommand,
  asked: Asked,
  standing = NOTHING,
) => {
  const category = 'conciliationPeriod';
  const handle = commandHandler(eventStore, category, conciliationPeriodEvents, conciliationPeriod);
  const handled = await handle(command.data.month, command, asked);
  if (handled.outcome === 'refused')
    throw new Failed(SAID[handled.reason](command.data.month, standing));
};

const close = async (system: System, wanted: Month, output: Output): Promise<void> => {
  const standing = await standingIn(system.db)(wanted, await system.eventStore.end());
  if (!standing)
    throw new Failed('The views are behind: are the projections up? See "lastro status"');
  const { by, asked } = askedHere();
  const { at } = asked.meta;
  const data = { month: wanted, by, at, thisMonth: monthOf(dayOf(at)), standing };
  await decided(system, { type: 'ClosePeriod', data }, asked, standing);
  answer(output, `${wanted} is closed for conciliation.`, { month: wanted, status: 'CLOSED' });
};

type Reopening = Output & { readonly reason: string };

const reopen = async (system: System, wanted: Month, { reason, ...output }: Reopening) => {
  const { by, asked } = askedHere();
  const { at } = asked.meta;
  const data = { month: wanted, by, at, reason };
  await decided(system, { type: 'ReopenPeriod', data }, asked);
  answer(output, `${wanted} is open for conciliation.`, { month: wanted, status: 'OPEN' });
};

export const registerPeriods = (command: Command, environment: NodeJS.ProcessEnv): void => {
  command
    .command('close')
    .argument('<month>', 'like 2026-01', closable)
    .description('close a month of sales of which every finding is seen to')
    .option('--json', 'print JSON')
    .action((wanted: Month, output: Output) =>
      carryOut(() => onTheSystem(environment, (system) => close(system, wanted, output))),
    );
  command
    .command('reopen')
    .argument('<month>', 'like 2026-01', closable)
    .description('open a month again that was closed')
    .requiredOption('--reason <text>', 'why; it stays on record')
    .option('--json', 'print JSON')
    .action((wanted: Month, options: Reopening) =>
      carryOut(() => onTheSystem(environment, (system) => reopen(system, wanted, options))),
    );
};
