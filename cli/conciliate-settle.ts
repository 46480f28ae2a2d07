import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { closedPeriodsIn } from '#shared/conciliation/closed-periods.ts';
import { conciliation, type ConciliationRefusal } from '#shared/conciliation/decider.ts';
import { conciliationEvents } from '#shared/conciliation/events.ts';
import type { Settlement } from '#shared/conciliation/view.ts';
import type { ConciliationId } from '#shared/ids.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { unlessClosedIn } from '../command-api/conciliation/closed-periods.ts';
import { askedHere } from './asked-here.ts';
import { conciliationIn } from './conciliate-run.ts';
import { answer, carryOut, EXIT_DIFFERENCES, Failed, type Output } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

const LOOK_EVERY_MS = 200;
const LONGEST_WAIT_MS = 900_000;

type Options = Output & { readonly reason: string };

const SAID: Readonly<Record<ConciliationRefusal, string>> = {
  'conciliation-not-found': 'There is no such conciliation: "GET /v1/conciliations" lists them',
  'conciliation-not-completed': 'It has not come to a report, so there is nothing to settle by',
  'period-closed': 'A month of it is closed: "lastro conciliate reopen" opens it again',
};

const NOTHING: Settlement = { status: 'SETTLED', items: 0, settled: 0, left: 0 };

const untilSettled = async (system: System, id: string): Promise<Settlement> => {
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += LOOK_EVERY_MS) {
    const settlement = (await conciliationIn(system, id))?.settlement ?? NOTHING;
    if (settlement.status === 'SETTLED') return settlement;
    await pause(LOOK_EVERY_MS);
  }
  throw new Failed('It still goes on: the projections do it, are they up? See "lastro effects"');
};

const settle = async (system: System, id: string, { reason, ...output }: Options) => {
  const { eventStore } = system;
  const handle = commandHandler(eventStore, 'conciliation', conciliationEvents, conciliation);
  const unlessClosed = unlessClosedIn(eventStore, closedPeriodsIn(eventStore));
  const { by, asked } = askedHere();
  const { at } = asked.meta;
  const conciliationId = id as ConciliationId;
  const data = { conciliationId, by, reason, at };
  const command = { type: 'SettleConfirmed', data } as const;
  const handled = await handle(id, command, asked, unlessClosed(conciliationId, at));
  if (handled.outcome === 'refused') throw new Failed(SAID[handled.reason]);
  const settlement = await untilSettled(system, id);
  const { settled = 0, left = 0 } = settlement;
  const rest =
    left > 0 ? `; ${left} have come to something else, and are left to be looked at` : '';
  answer(output, `${settled} sales were settled by the statement${rest}.`, { id, ...settlement });
  if (left > 0) process.exitCode = EXIT_DIFFERENCES;
};

export const registerSettle = (command: Command, environment: NodeJS.ProcessEnv): void => {
  command
    .command('settle')
    .argument('<id>', 'of a conciliation')
    .description('settle every sale of which nobody knew, and of which the statement says so')
    .requiredOption('--reason <text>', 'how that is known; it stays on record')
    .option('--json', 'print JSON')
    .action((id: string, options: Options) =>
      carryOut(() => onTheSystem(environment, (system) => settle(system, id, options))),
    );
};
