import type { Month } from '#shared/kernel/calendar.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { CashbackMonthCommand } from './commands.ts';
import type { CashbackMonthEvent } from './events.ts';

export type CashbackMonth = {
  /** Granted, once every reseller has what they are due. */
  readonly status: 'open' | 'closed' | 'granted';
};

export type CashbackMonthRefusal = 'month-not-over';

type Outcome = Decision<CashbackMonthEvent, CashbackMonthRefusal>;

/** Whether a month of the calendar is one of the past. */
const isOver = (month: Month, thisMonth: Month) => month < thisMonth;

const decide = ({ type, data }: CashbackMonthCommand, { status }: CashbackMonth): Outcome => {
  switch (type) {
    case 'CloseCashbackMonth': {
      const { thisMonth, ...closed } = data;
      if (!isOver(data.month, thisMonth)) return refuse('month-not-over');
      return status === 'open' ? accept({ type: 'CashbackMonthClosed', data: closed }) : accept();
    }
    case 'CompleteCashbackMonth':
      return status === 'closed' ? accept({ type: 'CashbackMonthGranted', data }) : accept();
  }
};

const evolve = (_month: CashbackMonth, { type }: CashbackMonthEvent): CashbackMonth => {
  switch (type) {
    case 'CashbackMonthClosed':
      return { status: 'closed' };
    case 'CashbackMonthGranted':
      return { status: 'granted' };
  }
};

/** A month of the calendar, which is open until it is over and an analyst closes it. */
export const cashbackMonth: Decider<
  CashbackMonth,
  CashbackMonthCommand,
  CashbackMonthEvent,
  CashbackMonthRefusal
> = { initialState: { status: 'open' }, decide, evolve };
