import type { Flaw } from '#shared/kernel/schema.ts';
import { problems, Rejected } from './problem.ts';

/** How deep a value may be nested. What goes through it after us is recursive, and has a stack. */
export const DEEPEST_NESTING = 64;

/** Neither NUL nor half a surrogate pair can be kept by Postgres, nor compared after UTF-8. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const CHARACTERS = { code: 'characters', message: 'holds a NUL or half a character' };
const NESTING = { code: 'nesting', message: `is nested deeper than ${DEEPEST_NESTING} levels` };

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');

const flawsIn = (value: unknown, pointer: string, depth: number): Flaw[] => {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ pointer, ...CHARACTERS }];
  if (typeof value !== 'object' || value === null) return [];
  if (depth === DEEPEST_NESTING) return [{ pointer, ...NESTING }];
  return Object.entries(value).flatMap(([name, part]) =>
    // A name that cannot be stored cannot be pointed at either: the object is to blame.
    isStorable(name)
      ? flawsIn(part, `${pointer}/${escaped(name)}`, depth + 1)
      : [{ pointer, ...CHARACTERS }],
  );
};

/** What could not be given back as it was received: characters of its texts, or how deep it is. */
export const unstorableIn = (value: unknown): readonly Flaw[] => flawsIn(value, '', 0);

/** @throws {Rejected} pointing at what could not be given back as it was received. */
export const storable = <T>(input: T): T => {
  const flaws = unstorableIn(input);
  if (flaws.length > 0) throw new Rejected(problems.invalid(flaws));
  return input;
};
