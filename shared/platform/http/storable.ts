import type { Flaw } from '#shared/kernel/schema.ts';
import { problems, Rejected } from './problem.ts';

/** Neither NUL nor half a surrogate pair can be kept by Postgres, nor compared after UTF-8. */
const isStorable = (text: string) => !text.includes('\0') && text.isWellFormed();

const flawsIn = (value: unknown, pointer: string): Flaw[] => {
  if (typeof value === 'string')
    return isStorable(value)
      ? []
      : [{ pointer, code: 'characters', message: 'holds a NUL or half a character' }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => flawsIn(part, `${pointer}/${name}`));
};

/** @throws {Rejected} pointing at text that could not be given back as it was received. */
export const storable = <T>(input: T): T => {
  const flaws = flawsIn(input, '');
  if (flaws.length > 0) throw new Rejected(problems.invalid(flaws));
  return input;
};
