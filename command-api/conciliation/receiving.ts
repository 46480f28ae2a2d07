import { randomUUID } from 'node:crypto';
import type { Source } from '#shared/conciliation/categories.ts';
import type { ClosedPeriods } from '#shared/conciliation/closed-periods.ts';
import type { ConciliationCommand } from '#shared/conciliation/commands.ts';
import {
  conciliation,
  type Conciliation,
  type ConciliationRefusal,
} from '#shared/conciliation/decider.ts';
import { conciliationEvents } from '#shared/conciliation/events.ts';
import { conciliationIdOf, statementSubject } from '#shared/conciliation/identity.ts';
import type { Statements } from '#shared/conciliation/ports.ts';
import type { Format } from '#shared/conciliation/reading.ts';
import type { AccountId, ConciliationId, StatementId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import {
  streamsOf,
  type Accepted,
  type Asked,
  type Refused,
} from '#shared/kernel/handle-command.ts';
import { uniqueHandler } from '#shared/kernel/handle-unique.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import type { TakeStatement } from './taking.ts';

/** Whoever took a statement and was cut short before it was on record comes back no more. */
const ABANDONED_AFTER_MINUTES = 60;

export type ReceivingDeps = {
  readonly eventStore: EventStore;
  readonly keys: PersonalKeys;
  readonly take: TakeStatement;
  readonly statements: Statements;
  readonly closedPeriods: ClosedPeriods;
};

export type SentStatement = {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly format: Format;
  readonly source: Source;
  readonly from: string;
  readonly to: string;
  readonly by: AccountId;
  readonly at: Instant;
  /** The command's identity, once it is known what was sent. */
  readonly asked: (sha256: string) => Asked;
};

export type Received =
  | (Accepted<Conciliation> & {
      readonly id: ConciliationId;
      /** Whether this very statement is the one that is being set against the log. */
      readonly isFirst: boolean;
    })
  | Refused<'period-closed'>;
export type ReceiveStatement = (sent: SentStatement) => Promise<Received>;

/** Statements that were kept and of which nobody ever heard in the log. */
const abandoned = ({ eventStore, statements }: ReceivingDeps) => {
  const { load } = streamsOf(eventStore, 'conciliation', conciliationEvents, conciliation);
  const isAbandoned = async (id: StatementId, conciliationId: ConciliationId | null) => {
    if (conciliationId === null) return true;
    const { state } = await load(conciliationId);
    return state.status === 'none' || state.statementId !== id;
  };
  return async () => {
    for (const { id, conciliationId } of await statements.keptBefore(ABANDONED_AFTER_MINUTES))
      if (await isAbandoned(id, conciliationId)) await statements.drop(id);
  };
};

/** Of a closed month nothing new is taken; what was taken before is what it was. */
const takingOf = ({ eventStore, closedPeriods }: ReceivingDeps) => {
  const { load } = streamsOf(eventStore, 'conciliation', conciliationEvents, conciliation);
  return async (id: ConciliationId, { from, to, at }: SentStatement) => {
    if ((await load(id)).state.status !== 'none') return undefined;
    return (await closedPeriods(from, to, at)).length > 0 ? 'period-closed' : undefined;
  };
};

/**
 * Takes a statement while it comes, all of it or nothing, and has it set against the log. The same
 * file for the same period again is the one that was there first.
 * @throws {BadHeader | KeyReused}
 */
export const receivingStatements = (deps: ReceivingDeps): ReceiveStatement => {
  const { eventStore, statements, keys, take } = deps;
  const start = uniqueHandler<
    (typeof conciliationEvents)['schemas'],
    Conciliation,
    ConciliationCommand,
    ConciliationRefusal
  >(eventStore, 'conciliation', conciliationEvents, conciliation);
  const dropAbandoned = abandoned(deps);
  const refusalOf = takingOf(deps);

  const started = async (
    sent: SentStatement,
    statementId: StatementId,
    read: { readonly sha256: string; readonly rows: number; readonly unreadable: number },
  ): Promise<Received> => {
    const { source, from, to, by, at, asked } = sent;
    const id = conciliationIdOf(source, from, to, read.sha256);
    await statements.assign(statementId, id);
    const data = { conciliationId: id, statementId, source, from, to, ...read, by, at };
    const naming = {
      idOf: () => id,
      commandFor: () => ({ type: 'StartConciliation', data }) as const,
      spent: () => false,
      secure: () => refusalOf(id, sent),
    };
    const handled = await start(naming, asked(read.sha256));
    if (handled.outcome === 'refused') {
      if (handled.reason === 'period-closed') return { ...handled, reason: handled.reason };
      throw new Error(`A start was refused: ${handled.reason}`);
    }
    const isFirst = handled.state.status !== 'none' && handled.state.statementId === statementId;
    return { ...handled, id, isFirst };
  };

  const taken = async ({ bytes, source, format }: SentStatement, statementId: StatementId) => {
    const owner = statementSubject(statementId);
    const key = (await keys.obtain([owner])).get(owner);
    if (!key) throw new TypeError('No key was obtained for a statement');
    return take({ bytes, source, format, statementId, key });
  };

  return async (sent) => {
    await dropAbandoned();
    const statementId = randomUUID() as StatementId;
    const { rows, read } = await taken(sent, statementId);
    await statements.keep(statementId, rows);
    const received = await started(sent, statementId, read());
    if (received.outcome === 'refused' || !received.isFirst) await statements.drop(statementId);
    return received;
  };
};
