import type { Static } from 'typebox';
import type { Instant } from './message.ts';
import { branded } from './schema.ts';
import { Type } from './type.ts';

/** Where the business's days begin and end. */
export const BUSINESS_TIME_ZONE = 'America/Sao_Paulo';

/** A day of the calendar: `2026-01-31`. Days compare as their strings do. */
export type Day = Static<typeof Day>;
export const Day = branded<'Day'>(Type.String({ format: 'date' }));

/** A month of the calendar: `2026-01`. Months compare as their strings do. */
export type Month = Static<typeof Month>;
export const Month = branded<'Month'>(Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' }));

const inSaoPaulo = new Intl.DateTimeFormat('en', {
  timeZone: BUSINESS_TIME_ZONE,
  calendar: 'gregory',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The day that it was in São Paulo at that instant. */
export const dayOf = (instant: Instant): Day => {
  const parts = inSaoPaulo.formatToParts(new Date(instant));
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}` as Day;
};

export const monthOf = (day: Day): Month => day.slice(0, 7) as Month;

export const monthAfter = (month: Month): Month => {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5))];
  const [nextYear, next] = number === 12 ? [year + 1, 1] : [year, number + 1];
  return `${String(nextYear).padStart(4, '0')}-${String(next).padStart(2, '0')}` as Month;
};
