import type { AccountId } from '#shared/ids.ts';
import type { Month } from '#shared/kernel/calendar.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Instant, Message, Named } from '#shared/kernel/message.ts';
import type { ConciliationPeriodEvent } from './events.ts';
import type { Standing } from './standing.ts';

type OnPeriod = { readonly month: Month; readonly by: AccountId; readonly at: Instant };

export type PeriodCommand =
  | Message<'ClosePeriod', OnPeriod & { readonly thisMonth: Month; readonly standing: Standing }>
  | Message<'ReopenPeriod', OnPeriod & { readonly reason: string }>;

export type Period = { readonly status: 'OPEN' | 'CLOSED'; readonly wasClosed: boolean };

export type PeriodRefusal =
  'period-not-begun' | 'conciliation-running' | 'findings-open' | 'period-not-closed';

type Outcome = Decision<ConciliationPeriodEvent, PeriodRefusal>;

const close = (
  { data: { thisMonth, standing, ...data } }: Named<PeriodCommand, 'ClosePeriod'>,
  { status }: Period,
): Outcome => {
  if (status === 'CLOSED') return accept();
  if (data.month > thisMonth) return refuse('period-not-begun');
  const { running, reports } = standing;
  if (running > 0) return refuse('conciliation-running');
  if (reports.some(({ open }) => open > 0)) return refuse('findings-open');
  const conciliations = reports.map(({ conciliationId }) => conciliationId);
  return accept({ type: 'ConciliationPeriodClosed', data: { ...data, conciliations } });
};

const reopen = (
  { data }: Named<PeriodCommand, 'ReopenPeriod'>,
  { status, wasClosed }: Period,
): Outcome => {
  if (status === 'CLOSED') return accept({ type: 'ConciliationPeriodReopened', data });
  return wasClosed ? accept() : refuse('period-not-closed');
};

/** A month that nobody changes any more, until somebody says why they have to. */
export const conciliationPeriod: Decider<
  Period,
  PeriodCommand,
  ConciliationPeriodEvent,
  PeriodRefusal
> = {
  initialState: { status: 'OPEN', wasClosed: false },
  decide: (command, period) => {
    switch (command.type) {
      case 'ClosePeriod':
        return close(command, period);
      case 'ReopenPeriod':
        return reopen(command, period);
    }
  },
  evolve: (_period, { type }) => {
    switch (type) {
      case 'ConciliationPeriodClosed':
        return { status: 'CLOSED', wasClosed: true };
      case 'ConciliationPeriodReopened':
        return { status: 'OPEN', wasClosed: true };
    }
  },
};
