import { closedPeriodsIn, type ClosedPeriods } from '#shared/conciliation/closed-periods.ts';
import type { ConciliationCommand } from '#shared/conciliation/commands.ts';
import { conciliation } from '#shared/conciliation/decider.ts';
import { conciliationEvents } from '#shared/conciliation/events.ts';
import type { Matching } from '#shared/conciliation/matching.ts';
import type { ForgetInStatements } from '#shared/conciliation/ports.ts';
import { Permanent } from '#shared/effect/permanent.ts';
import type { ConciliationId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler, streamsOf } from '#shared/kernel/handle-command.ts';
import type { Clock, Instant } from '#shared/kernel/message.ts';
import { metaOf, type Effect, type Pending } from '../effect.ts';
import { waitFor } from '../wait-for.ts';
import { CONCILIATE, FORGET_IN_STATEMENTS } from './reactions.ts';

export type ConciliatingDeps = {
  readonly eventStore: EventStore;
  readonly matching: Matching;
  readonly clock: Clock;
  /** How long our side is waited for, before this counts as an attempt that failed. */
  readonly patienceMs?: number;
};

const PATIENCE_MS = 30_000;

type Started = { readonly from: string; readonly to: string; readonly at: Instant };

const conciliationIn = ({ data }: Pending) => data['conciliationId'] as ConciliationId;

/** Whoever closed a month at the very moment when a statement came did not see it. */
const unlessClosedIn =
  (closedPeriods: ClosedPeriods) =>
  async ({ from, to, at }: Started): Promise<void> => {
    const closed = await closedPeriods(from, to, at);
    if (closed.length > 0)
      throw new Permanent(`Closed meanwhile: ${closed.join(', ')}. Reopen it, then retry this`);
  };

/**
 * Sets a statement against the log, up to where that was when the statement was in. A process that
 * is killed in between leaves nothing half done: it is run again, to the same result.
 */
export const conciliate = ({
  eventStore,
  matching,
  clock,
  patienceMs = PATIENCE_MS,
}: ConciliatingDeps): Effect => {
  const contract = ['conciliation', conciliationEvents, conciliation] as const;
  const handle = commandHandler(eventStore, ...contract);
  const { load } = streamsOf(eventStore, ...contract);

  const unlessClosed = unlessClosedIn(closedPeriodsIn(eventStore));
  const record = (intent: Pending, command: ConciliationCommand, step: string) => {
    const meta = metaOf(intent, command.data.at, step);
    return handle(command.data.conciliationId, command, { meta, keyed: true });
  };
  const untilReached = (position: bigint, signal: AbortSignal): Promise<void> => {
    const reached = () => matching.hasReached(position);
    const what = 'our sales are there (is the view conciliation-sales keeping up?)';
    return waitFor(what, reached, { longestMs: patienceMs, signal });
  };

  return {
    kind: CONCILIATE,
    atOnce: 1,
    carryOut: async (intent, { signal }) => {
      const conciliationId = conciliationIn(intent);
      const { state, history, revision } = await load(conciliationId);
      if (state.status === 'none') return;
      // Whoever was killed with the report on record has not let go of the statement.
      if (state.status === 'COMPLETED') return matching.finish(state.statementId);
      const { source, from, to, at, statementId } = state.started;
      const position = history[0]?.position ?? 0n;
      await untilReached(position, signal);

      const wanted = { statementId, source, from, to, position: String(position) };
      const matched = await matching.match(wanted, signal);
      await unlessClosed(state.started);
      const asOf = { position: wanted.position, at };
      const data = { conciliationId, at: clock(), asOf, matched };
      const step = `ended-after-${revision}`;
      const ended = await record(intent, { type: 'EndConciliation', data }, step);
      if (ended.outcome === 'accepted' && ended.state.status === 'FAILED')
        throw new Permanent('It does not balance, so it is no report: see the conciliation');
      await matching.finish(statementId);
    },
    onParked: async (intent, { error, at, round }) => {
      const data = { conciliationId: conciliationIn(intent), error, at };
      await record(intent, { type: 'GiveUpConciliation', data }, `given-up-${round}`);
    },
  };
};

/** The key of a statement would still open what stands under it. */
export const forgetInStatements = (forget: ForgetInStatements): Effect => ({
  kind: FORGET_IN_STATEMENTS,
  carryOut: ({ data: { subjectId = '' } }) => forget(subjectId),
});
