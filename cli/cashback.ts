import { readFile } from 'node:fs/promises';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { cashbackMonth } from '#shared/cashback-month/decider.ts';
import { cashbackMonthEvents } from '#shared/cashback-month/events.ts';
import { dayOf, monthOf, type Day, type Month } from '#shared/kernel/calendar.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { amountText } from '#shared/kernel/money.ts';
import { Unreadable } from '#shared/kernel/schema.ts';
import { saleEvents } from '#shared/sale/events.ts';
import type { RuleSet } from '#shared/sale/rule-sets.ts';
import { otherRuleSets, whatIf, type Changed, type WhatIf } from '#shared/sale/what-if.ts';
import { askedHere } from './asked-here.ts';
import { day, month } from './calendar-arguments.ts';
import { answer, carryOut, Failed, type Output } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

/** In words; JSON has as many as were listed. */
const MOST_SHOWN = 20;

type Trying = Output & { readonly rules: string; readonly from: Day; readonly to: Day };

const close = async ({ eventStore }: System, wanted: Month, output: Output): Promise<void> => {
  const { by, asked } = askedHere('analyst');
  const { at } = asked.meta;
  const data = { month: wanted, thisMonth: monthOf(dayOf(at)), by, at };
  const handle = commandHandler(eventStore, 'cashbackMonth', cashbackMonthEvents, cashbackMonth);
  const handled = await handle(wanted, { type: 'CloseCashbackMonth', data }, asked);
  if (handled.outcome === 'refused')
    throw new Failed(`${wanted} is not over: close it from the first day of the next month on`);
  const words = `${wanted} is closed. Its cashback is granted by a job: see "lastro effects".`;
  answer(output, words, { month: wanted, status: 'CLOSED' });
};

const rulesIn = async (path: string): Promise<readonly RuleSet[]> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Failed(`The rules cannot be read: ${why}`);
  });
  try {
    return otherRuleSets(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof SyntaxError)) throw error;
    const example = '{"version": "2", "from": "2026-01-01", "percents": {"A": "5", "B": "12.5"}}';
    throw new Failed(`${path} holds no rules (${error.message}); write them like ${example}`);
  }
};

const money = (inCents: bigint) => amountText(Number(inCents));

const itemOf = ({ saleId, soldOn, ruleSet, otherRuleSet, ...sums }: Changed) => ({
  ...{ saleId, soldOn, ruleSet, otherRuleSet },
  cashback: money(sums.cashbackInCents),
  other: money(sums.otherInCents),
  difference: money(sums.otherInCents - sums.cashbackInCents),
});

const factsOf = ({ from, to }: Trying, { cashbackInCents, otherInCents, ...found }: WhatIf) => ({
  ...{ from, to, sales: found.sales, changed: found.changed, notCovered: found.notCovered },
  cashback: money(cashbackInCents),
  other: money(otherInCents),
  difference: money(otherInCents - cashbackInCents),
  items: found.items.map(itemOf),
});
type Facts = ReturnType<typeof factsOf>;

const inWords = ({ items, ...all }: Facts): string => {
  const { from, to, sales, changed, notCovered, cashback, other, difference } = all;
  const lines = [
    `${sales} sales from ${from} to ${to} gave ${cashback}; these rules would have given ${other}.`,
    `Difference: ${difference}, in ${changed} sales. Nothing was changed.`,
  ];
  if (notCovered > 0) lines.push(`${notCovered} sales are not covered by these rules.`);
  if (items.length === 0) return lines.join('\n');
  const head = ['sale', 'sold on', 'rules', 'gave', 'would give', 'difference'];
  const drawn = new Table({ head, style: { head: [], border: [] } });
  for (const one of items.slice(0, MOST_SHOWN)) {
    const rules = `${one.ruleSet} → ${one.otherRuleSet}`;
    drawn.push([one.saleId, one.soldOn, rules, one.cashback, one.other, one.difference]);
  }
  const more = changed - Math.min(items.length, MOST_SHOWN);
  return [...lines, drawn.toString(), ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
};

const tryOut = async ({ eventStore }: System, options: Trying, rules: readonly RuleSet[]) => {
  const trying = whatIf(rules, options);
  for await (const { events } of eventStore.pages(saleEvents, BEGINNING))
    for (const event of events) trying.add(event);
  const facts = factsOf(options, trying.result());
  answer(options, inWords(facts), facts);
};

export const cashback = (program: Command, environment: NodeJS.ProcessEnv): void => {
  const command = program
    .command('cashback')
    .description('what resellers and buyers are due: close months, try out rules');
  command
    .command('close')
    .argument('<month>', 'a month that is over, like 2026-01', month)
    .description('close a month: its purchases stay as they are, and their cashback is granted')
    .option('--json', 'print JSON')
    .action((wanted: Month, output: Output) =>
      carryOut(() => onTheSystem(environment, (system) => close(system, wanted, output))),
    );
  command
    .command('what-if')
    .description('what past sales would have given under other rules; changes nothing')
    .requiredOption('--rules <file>', 'JSON: a version, a first day, and percents by type')
    .requiredOption('--from <day>', 'the first day of sale, like 2026-01-01', day)
    .requiredOption('--to <day>', 'the last day of sale', day)
    .option('--json', 'print JSON')
    .action((options: Trying) =>
      carryOut(async () => {
        const rules = await rulesIn(options.rules);
        await onTheSystem(environment, (system) => tryOut(system, options, rules));
      }),
    );
};
