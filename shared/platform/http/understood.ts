import type { Day } from '#shared/kernel/calendar.ts';
import { cpfOf, type Cpf } from '#shared/kernel/cpf.ts';
import { centsOf } from '#shared/kernel/money.ts';
import type { Flaw } from '#shared/kernel/schema.ts';
import { problems, Rejected } from './problem.ts';

// What a schema cannot say of a value. Pointers are into the body or the query.

/** A value that is not what it should be. */
export type Wrong = { readonly wrong: Flaw };

const wrong = (pointer: string, code: string, message: string): Wrong => ({
  wrong: { pointer, code, message },
});

const isWrong = (value: unknown): value is Wrong =>
  typeof value === 'object' && value !== null && 'wrong' in value;

/** Eleven digits, however they were written. */
export const understoodCpf = (text: string, pointer: string): Cpf | Wrong =>
  cpfOf(text) ?? wrong(pointer, 'cpf', 'is not a valid CPF');

/** Cents, more than none. */
export const understoodAmount = (text: string, pointer: string): number | Wrong => {
  const cents = centsOf(text);
  if (cents === undefined) return wrong(pointer, 'amount', 'is not an amount with two places');
  return cents > 0 ? cents : wrong(pointer, 'exclusive-minimum', 'must be more than 0.00');
};

/** A day that is not still to come. */
export const understoodPast = (day: Day, today: Day, pointer: string): Day | Wrong =>
  day > today ? wrong(pointer, 'future', 'must not be in the future') : day;

/** Values that are all right. @throws {Rejected} pointing at everyone that is not. */
export const allUnderstood = <V extends Readonly<Record<string, unknown>>>(
  values: V,
): { readonly [Name in keyof V]: Exclude<V[Name], Wrong> } => {
  const flaws = Object.values(values).flatMap((value) => (isWrong(value) ? [value.wrong] : []));
  if (flaws.length > 0) throw new Rejected(problems.invalid(flaws));
  return values as { readonly [Name in keyof V]: Exclude<V[Name], Wrong> };
};
