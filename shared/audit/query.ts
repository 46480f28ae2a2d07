import { Temporal } from '@js-temporal/polyfill';
import { BUSINESS_TIME_ZONE, type Day } from '#shared/kernel/calendar.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { StoredEvent } from '#shared/kernel/stored-log.ts';
import { Type } from '#shared/kernel/type.ts';
import { circumstancesOf } from './stored.ts';

/** A moment, or a whole day of the business. */
export const Bound = Type.Unsafe<Instant | Day>({
  type: 'string',
  anyOf: [{ format: 'date-time' }, { format: 'date' }],
});

/** Which events are asked for; all that is named has to be so. */
export type AuditQuery = {
  readonly stream?: string;
  readonly type?: string;
  /** The id of whoever did it. */
  readonly actor?: string;
  readonly correlationId?: string;
  /** When it was done, both ends included. */
  readonly from?: Instant | Day;
  readonly to?: Instant | Day;
};

const A_DAY = 'YYYY-MM-DD'.length;

const startOf = (day: string): number =>
  Temporal.PlainDate.from(day).toZonedDateTime(BUSINESS_TIME_ZONE).epochMilliseconds;

/** The first millisecond that is meant. */
export const firstOf = (bound: Instant | Day): number =>
  bound.length === A_DAY ? startOf(bound) : Date.parse(bound);

/** The last millisecond that is meant. */
export const lastOf = (bound: Instant | Day): number =>
  bound.length === A_DAY
    ? startOf(Temporal.PlainDate.from(bound).add({ days: 1 }).toString()) - 1
    : Date.parse(bound);

/** When it was done, in milliseconds since 1970; not a number where nobody said. */
export const doneAt = (event: StoredEvent): number => {
  const { at } = circumstancesOf(event);
  return at === null ? Number.NaN : Date.parse(at);
};

type Test = (event: StoredEvent) => boolean;

/** Whether an event is asked for. One that says no time lies in no period. */
export const matching = ({ stream, type, actor, correlationId, from, to }: AuditQuery): Test => {
  const tests: Test[] = [];
  if (stream !== undefined) tests.push((event) => event.stream === stream);
  if (type !== undefined) tests.push((event) => event.type === type);
  if (actor !== undefined) tests.push((event) => circumstancesOf(event).actor?.id === actor);
  if (correlationId !== undefined)
    tests.push((event) => circumstancesOf(event).correlationId === correlationId);
  if (from !== undefined) {
    const first = firstOf(from);
    tests.push((event) => doneAt(event) >= first);
  }
  if (to !== undefined) {
    const last = lastOf(to);
    tests.push((event) => doneAt(event) <= last);
  }
  return (event) => tests.every((test) => test(event));
};
