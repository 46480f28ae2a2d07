import { Temporal } from '@js-temporal/polyfill';
import type { Instant } from '#shared/kernel/message.ts';

/** Where the clocks of the shops hang. */
const ZONE = 'America/Sao_Paulo';
const READING = /^\d{4}-\d{2}-\d{2} (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

export type Day = string;

export type Moment = {
  readonly outcome: 'moment';
  readonly at: Instant;
  /** `YYYY-MM-DD`, as the calendar on the wall had it. */
  readonly day: Day;
};

const calendarOf = (text: string): Temporal.PlainDateTime | undefined => {
  if (!READING.test(text)) return undefined;
  try {
    return Temporal.PlainDateTime.from(text.replace(' ', 'T'));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

/**
 * When a clock in São Paulo showed `YYYY-MM-DD HH:MM:SS`. What it showed twice, when summer time
 * ended, is the first of the two; what it never showed, when summer time began, is `skipped`.
 */
export const readClock = (text: string): Moment | { readonly outcome: 'no-time' | 'skipped' } => {
  const shown = calendarOf(text);
  if (!shown) return { outcome: 'no-time' };
  const zoned = shown.toZonedDateTime(ZONE, { disambiguation: 'earlier' });
  if (!zoned.toPlainDateTime().equals(shown)) return { outcome: 'skipped' };
  const at = new Date(zoned.epochMilliseconds).toISOString() as Instant;
  return { outcome: 'moment', at, day: text.slice(0, 10) };
};

/** The day it was in São Paulo. */
export const dayOf = (at: Instant): Day =>
  Temporal.Instant.from(at).toZonedDateTimeISO(ZONE).toPlainDate().toString();
