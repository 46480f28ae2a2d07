import type { StatementId } from '#shared/ids.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import { amountText } from '#shared/kernel/money.ts';
import type { ConciliationCommand, Matched, SideSums } from './commands.ts';
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
    };

export type ConciliationRefusal = 'conciliation-not-found' | 'period-closed';

type Outcome = Decision<ConciliationEvent, ConciliationRefusal>;

const inWords = ({ rows, amountInCents, identity }: SideSums): string =>
  `${rows} rows, ${amountText(amountInCents)} (${identity})`;

const isSame = (one: SideSums, other: SideSums): boolean =>
  one.rows === other.rows &&
  one.amountInCents === other.amountInCents &&
  one.identity === other.identity;

/** What does not come out even; nothing when each row is in one category and no cent is lost. */
const imbalanceOf = ({ categorised, read, categories }: Matched): string | undefined => {
  const sides = (['ours', 'theirs'] as const).filter(
    (side) => !isSame(categorised[side], read[side]),
  );
  const [side] = sides;
  if (side) {
    const [held, was] = [categorised[side], read[side]].map(inWords);
    return `Of ${side}, the categories hold ${held ?? ''}, and ${was ?? ''} were read`;
  }
  const rows = (name: 'ourRows' | 'theirRows' | 'oursInCents' | 'theirsInCents') =>
    categories.reduce((sum, category) => sum + category[name], 0);
  const adds =
    rows('ourRows') === read.ours.rows &&
    rows('theirRows') === read.theirs.rows &&
    rows('oursInCents') === read.ours.amountInCents &&
    rows('theirsInCents') === read.theirs.amountInCents;
  return adds ? undefined : 'The categories do not add up to what was read';
};

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
  const { ruleSets, categories, read, oldestOpen } = matched;
  return {
    type: 'ConciliationCompleted',
    data: {
      ...{ conciliationId, at, asOf, sha256, rows, unreadable, ruleSets: [...ruleSets] },
      categories: categories.map((category) => ({ ...category })),
      ...{ ours: side(read.ours), theirs: side(read.theirs), oldestOpen },
    },
  };
};

/** One that had failed may be tried again, and come out well, or fail of the same. */
const ended = (
  command: Named<ConciliationCommand, 'EndConciliation'>,
  { started, failure }: Exclude<Conciliation, { readonly status: 'none' }>,
): Outcome => {
  const event = end(command, started);
  const isNews = event.type !== 'ConciliationFailed' || event.data.error !== failure;
  return isNews ? accept(event) : accept();
};

const decide = (command: ConciliationCommand, conciliation: Conciliation): Outcome => {
  if (command.type === 'StartConciliation')
    return conciliation.status === 'none'
      ? accept({ type: 'ConciliationStarted', data: command.data })
      : accept();
  if (conciliation.status === 'none') return refuse('conciliation-not-found');
  const { status, started } = conciliation;
  switch (command.type) {
    case 'EndConciliation':
      return status === 'COMPLETED' ? accept() : ended(command, conciliation);
    case 'GiveUpConciliation': {
      if (status !== 'RUNNING') return accept();
      const { sha256 } = started;
      const data = { ...command.data, sha256, why: 'given-up' as const };
      return accept({ type: 'ConciliationFailed', data });
    }
  }
};

const evolve = (conciliation: Conciliation, { type, data }: ConciliationEvent): Conciliation => {
  switch (type) {
    case 'ConciliationStarted':
      return { status: 'RUNNING', started: data, statementId: data.statementId };
    case 'ConciliationCompleted':
      return conciliation.status === 'none'
        ? conciliation
        : { ...conciliation, status: 'COMPLETED' };
    case 'ConciliationFailed':
      return conciliation.status === 'none'
        ? conciliation
        : { ...conciliation, status: 'FAILED', failure: data.error };
  }
};

/** A statement set against the log: started once for each statement and period, and ended. */
export const conciliation: Decider<
  Conciliation,
  ConciliationCommand,
  ConciliationEvent,
  ConciliationRefusal
> = { initialState: { status: 'none' }, decide, evolve };
