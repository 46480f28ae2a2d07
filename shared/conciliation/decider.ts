import type { StatementId } from '#shared/ids.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import { imbalanceOf } from './balance.ts';
import type { ConciliationCommand, SideSums } from './commands.ts';
import type { ConciliationEvent } from './events.ts';

type Started = Named<ConciliationEvent, 'ConciliationStarted'>['data'];

export type Conciliation =
  | { readonly status: 'none' }
  | {
      readonly status: 'RUNNING' | 'COMPLETED' | 'FAILED';
      readonly started: Started;
      readonly statementId: StatementId;
      /** Why it failed last. */
      readonly failure?: string;
      /** Of how many of our sales the statement says what became of them, which nobody knew. */
      readonly confirming: number;
      readonly settlement?: 'SETTLING' | 'SETTLED';
    };

type Begun = Exclude<Conciliation, { readonly status: 'none' }>;

export type ConciliationRefusal =
  'conciliation-not-found' | 'conciliation-not-completed' | 'period-closed';

type Outcome = Decision<ConciliationEvent, ConciliationRefusal>;

const side = ({ rows, amountInCents }: SideSums) => ({ rows, amountInCents });

/** A run that does not balance is no report, whatever else it found. */
const end = (
  { data: { conciliationId, at, asOf, matched } }: Named<ConciliationCommand, 'EndConciliation'>,
  { sha256, rows, unreadable }: Started,
): ConciliationEvent => {
  const error = imbalanceOf(matched);
  if (error !== undefined)
    return {
      type: 'ConciliationFailed',
      data: { conciliationId, at, sha256, why: 'unbalanced', error },
    };
  const { ruleSets, categories, read, oldestOpen, changes } = matched;
  return {
    type: 'ConciliationCompleted',
    data: {
      ...{ conciliationId, at, asOf, sha256, rows, unreadable, ruleSets: [...ruleSets] },
      categories: categories.map((category) => ({ ...category })),
      ...{ ours: side(read.ours), theirs: side(read.theirs), oldestOpen },
      ...(changes && { changes }),
    },
  };
};

/** One that had failed may be tried again, and come out well, or fail of the same. */
const ended = (
  command: Named<ConciliationCommand, 'EndConciliation'>,
  { started, failure }: Begun,
): Outcome => {
  const event = end(command, started);
  const isNews = event.type !== 'ConciliationFailed' || event.data.error !== failure;
  return isNews ? accept(event) : accept();
};

/** Once for a report: what is left then has come to something that the statement knows nothing of. */
const settle = (
  { data }: Named<ConciliationCommand, 'SettleConfirmed'>,
  { status, confirming, settlement }: Begun,
): Outcome => {
  if (status !== 'COMPLETED') return refuse('conciliation-not-completed');
  if (confirming === 0 || settlement) return accept();
  return accept({ type: 'ConciliationSettlementRequested', data: { ...data, items: confirming } });
};

const giveUp = (
  { data }: Named<ConciliationCommand, 'GiveUpConciliation'>,
  { status, started: { sha256 } }: Begun,
): Outcome =>
  status === 'RUNNING'
    ? accept({ type: 'ConciliationFailed', data: { ...data, sha256, why: 'given-up' } })
    : accept();

const decide = (command: ConciliationCommand, conciliation: Conciliation): Outcome => {
  if (command.type === 'StartConciliation')
    return conciliation.status === 'none'
      ? accept({ type: 'ConciliationStarted', data: command.data })
      : accept();
  if (conciliation.status === 'none') return refuse('conciliation-not-found');
  switch (command.type) {
    case 'EndConciliation':
      return conciliation.status === 'COMPLETED' ? accept() : ended(command, conciliation);
    case 'GiveUpConciliation':
      return giveUp(command, conciliation);
    case 'SettleConfirmed':
      return settle(command, conciliation);
    case 'EndSettlement':
      return conciliation.settlement === 'SETTLING'
        ? accept({ type: 'ConciliationSettled', data: command.data })
        : accept();
  }
};

const confirmingIn = ({ categories }: Named<ConciliationEvent, 'ConciliationCompleted'>['data']) =>
  categories.find(({ name }) => name === 'CONFIRMS_UNCERTAIN')?.ourRows ?? 0;

const changed = (conciliation: Begun, { type, data }: ConciliationEvent): Begun => {
  switch (type) {
    case 'ConciliationStarted':
      return conciliation;
    case 'ConciliationCompleted':
      return { ...conciliation, status: 'COMPLETED', confirming: confirmingIn(data) };
    case 'ConciliationFailed':
      return { ...conciliation, status: 'FAILED', failure: data.error };
    case 'ConciliationSettlementRequested':
      return { ...conciliation, settlement: 'SETTLING' };
    case 'ConciliationSettled':
      return { ...conciliation, settlement: 'SETTLED' };
  }
};

const evolve = (conciliation: Conciliation, event: ConciliationEvent): Conciliation => {
  if (conciliation.status !== 'none') return changed(conciliation, event);
  if (event.type !== 'ConciliationStarted') return conciliation;
  const { data: started } = event;
  return { status: 'RUNNING', started, statementId: started.statementId, confirming: 0 };
};

/** A statement set against the log: started once for each statement and period, and ended. */
export const conciliation: Decider<
  Conciliation,
  ConciliationCommand,
  ConciliationEvent,
  ConciliationRefusal
> = { initialState: { status: 'none' }, decide, evolve };
