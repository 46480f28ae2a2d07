import { InvalidArgumentError } from 'commander';
import { Day, Month } from '#shared/kernel/calendar.ts';
import { reader, Unreadable } from '#shared/kernel/schema.ts';

const understood =
  <T>(read: (input: unknown) => T, form: string) =>
  (given: string): T => {
    try {
      return read(given);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      throw new InvalidArgumentError(form);
    }
  };

/** @throws {InvalidArgumentError} */
export const month = understood(reader(Month), 'A month is written like 2026-01.');
/** @throws {InvalidArgumentError} */
export const day = understood(reader(Day), 'A day is written like 2026-01-31.');
