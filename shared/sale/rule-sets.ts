import type { Static } from 'typebox';
import { closed, reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

/** So many percent for each type of product, from a day on; as data, so that it can be tried out. */
export type RuleSet = Static<typeof RuleSet>;
const RuleSet = closed({
  version: Type.String({ minLength: 1, maxLength: 32 }),
  /** `YYYY-MM-DD`: the first day in São Paulo on which a sale falls under it. */
  from: Type.String({ format: 'date' }),
  /** Decimal strings, from `"0"` to `"100"`, with four places at most. */
  percents: Type.Record(
    Type.String({ pattern: '^[^\\u0000]{1,32}$' }),
    Type.String({ pattern: '^(100|(0|[1-9]\\d?)(\\.\\d{1,4})?)$' }),
  ),
});

/** @throws {Unreadable} */
export const readRuleSets = reader(Type.Array(RuleSet, { minItems: 1, maxItems: 1_000 }));

/** Those that hold. A change is another one with a later day; what is here is never changed. */
export const RULE_SETS: readonly RuleSet[] = readRuleSets([
  { version: '1', from: '1900-01-01', percents: { A: '5', B: '15', C: '8', D: '10' } },
]);

/** The one that a sale of that day falls under, if there was any yet. */
export const ruleSetOn = (ruleSets: readonly RuleSet[], day: string): RuleSet | undefined =>
  ruleSets
    .filter(({ from }) => from <= day)
    .reduce<RuleSet | undefined>(
      (latest, one) => (latest && latest.from > one.from ? latest : one),
      undefined,
    );

export const percentFor = ({ percents }: RuleSet, type: string): string | undefined =>
  Object.hasOwn(percents, type) ? percents[type] : undefined;
