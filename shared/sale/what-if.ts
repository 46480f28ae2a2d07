import type { Static } from 'typebox';
import type { SaleId } from '#shared/ids.ts';
import type { Recorded } from '#shared/kernel/event-store.ts';
import type { Named } from '#shared/kernel/message.ts';
import { closed, reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { cashbackOn } from './cashback.ts';
import type { SaleEvent } from './events.ts';
import { readRuleSets, RULE_SETS, ruleSetOn, type RuleSet } from './rule-sets.ts';

/** Further sales that would come out otherwise are counted, and not listed. */
export const MOST_LISTED = 1_000;

/** Days in São Paulo, both included. */
export type Period = { readonly from: string; readonly to: string };

/** A sale that would have given something else. */
export type Changed = {
  readonly saleId: SaleId;
  readonly soldOn: string;
  /** The version that it was calculated by, and the one that it would have been. */
  readonly ruleSet: string;
  readonly otherRuleSet: string;
  readonly cashbackInCents: bigint;
  readonly otherInCents: bigint;
};

export type WhatIf = {
  readonly sales: number;
  readonly cashbackInCents: bigint;
  readonly otherInCents: bigint;
  readonly changed: number;
  /** The first of them, in the order in which they came. */
  readonly items: readonly Changed[];
  /** Of which the other rules do not know a type, or that came before them: they stay as they are. */
  readonly notCovered: number;
};

const Given = closed({
  version: Type.Optional(Type.String()),
  from: Type.Optional(Type.String()),
  percents: Type.Unknown(),
});
const readGiven = reader(Type.Union([Given, Type.Array(Given)]));

const named = ({ version = 'what-if', from = '0001-01-01', percents }: Static<typeof Given>) => ({
  ...{ version, from, percents },
});

/**
 * Rules to try out, from JSON: one set or several, as those that hold are written; a set that does
 * not say from when on is for all days. Days before the first of them keep the rules they have.
 * @throws {Unreadable}
 */
export const otherRuleSets = (json: unknown): readonly RuleSet[] => {
  const given = readGiven(json);
  const others = readRuleSets((Array.isArray(given) ? given : [given]).map(named));
  const begin = others.map(({ from }) => from).reduce((a, b) => (a < b ? a : b));
  return [...RULE_SETS.filter(({ from }) => from < begin), ...others];
};

type Received = Pick<Recorded<Named<SaleEvent, 'SaleReceived'>>['data'], 'soldOn' | 'lines'>;

/**
 * What past sales would have given under other rules. Events go in as the log has them; what was
 * given is what is on record, and not what today's rules would make of it.
 */
export const whatIf = (ruleSets: readonly RuleSet[], { from, to }: Period) => {
  const awaited = new Map<SaleId, Received>();
  const items: Changed[] = [];
  const counted = { sales: 0, changed: 0, notCovered: 0 };
  const sums = { cashbackInCents: 0n, otherInCents: 0n };

  const compare = (
    { soldOn, lines }: Received,
    { saleId, ruleSet, cashbackInCents }: Named<SaleEvent, 'CashbackCalculated'>['data'],
  ): void => {
    const other = ruleSetOn(ruleSets, soldOn);
    const would = other && cashbackOn(lines, other);
    const given = BigInt(cashbackInCents);
    const otherInCents = would ? BigInt(would.cashbackInCents) : given;
    counted.sales += 1;
    sums.cashbackInCents += given;
    sums.otherInCents += otherInCents;
    if (!would) counted.notCovered += 1;
    if (!would || otherInCents === given) return;
    counted.changed += 1;
    if (items.length === MOST_LISTED) return;
    const one = { saleId, soldOn, ruleSet, otherRuleSet: would.ruleSet };
    items.push({ ...one, cashbackInCents: given, otherInCents });
  };

  return {
    add: ({ type, data }: SaleEvent): void => {
      if (type === 'SaleReceived') {
        const { saleId, soldOn, lines } = data;
        if (soldOn >= from && soldOn <= to) awaited.set(saleId, { soldOn, lines });
      }
      if (type !== 'CashbackCalculated') return;
      const received = awaited.get(data.saleId);
      awaited.delete(data.saleId);
      if (received) compare(received, data);
    },
    result: (): WhatIf => ({ ...counted, ...sums, items }),
  };
};
