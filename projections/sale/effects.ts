import { LRUCache } from 'lru-cache';
import { Permanent } from '#shared/effect/permanent.ts';
import type { SaleId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { Clock } from '#shared/kernel/message.ts';
import { amountText } from '#shared/kernel/money.ts';
import type { AttemptOutcome } from '#shared/sale/commands.ts';
import type { ReceivedSale } from '#shared/sale/state.ts';
import type { ForwardCashback } from '#shared/sale/ports.ts';
import type { Effect, Pending } from '../effect.ts';
import { FORWARD_CASHBACK } from './reactions.ts';
import { recordsIn, type Due, type Found, type Records } from './records.ts';

/** As many calls at a time, of one process. */
const AT_ONCE = 8;
/** Attempts of which more is known here than could be put on record. */
const MOST_UNRECORDED = 1_000;

export type ForwardingDeps = {
  readonly eventStore: EventStore;
  readonly forward: ForwardCashback;
  readonly clock: Clock;
};

const NOT_SENT = {
  outcome: 'failed',
  final: false,
  error: 'It was not sent: that it would be could not be put on record',
} as const satisfies AttemptOutcome;

const PROCESS_DIED = {
  outcome: 'uncertain',
  why: 'process-died',
  error: 'The process that had begun it is gone, and nobody knows how far it got',
} as const satisfies AttemptOutcome;

const isUnderWay = ({ attempts }: ReceivedSale) => attempts.at(-1) === 'under-way';
const isWanted = ({ status, settled }: ReceivedSale) =>
  status === 'CALCULATED' || (status === 'FAILED' && !settled);

/**
 * Attempts, from when one is begun until what came of it is on record. The event store may be away
 * just then: as long as the process lives, it knows what it could not write down.
 */
const attemptsOn = (records: Records) => {
  const unrecorded = new LRUCache<string, AttemptOutcome>({ max: MOST_UNRECORDED });

  const end = async (due: Due, attempt: number, begunAs: string, came: AttemptOutcome) => {
    unrecorded.set(begunAs, came);
    await records.end(due, attempt, came);
    unrecorded.delete(begunAs);
  };

  return {
    end,
    /** Throws when there must not be a call. The identity under which it was begun. */
    begin: async (due: Due, attempt: number): Promise<string> => {
      const beginning = records.beginning(due, attempt);
      const begun = await beginning.put().catch((error: unknown) => {
        unrecorded.set(beginning.as, NOT_SENT);
        throw error;
      });
      if (!begun) throw new Error('Another process is at it, or it is not wanted any more');
      return beginning.as;
    },
    /** One that was begun and of which no outcome is on record, because of a crash or so. */
    close: async (due: Due, { state, begunAs = '' }: Found): Promise<AttemptOutcome> => {
      const came = unrecorded.get(begunAs) ?? PROCESS_DIED;
      await end(due, state.attempts.length, begunAs, came);
      return came;
    },
  };
};

const dueIn = (intent: Pending): Due => ({ intent, saleId: intent.data['saleId'] as SaleId });

type Call = (
  due: Due,
  state: ReceivedSale,
  document: string,
  signal: AbortSignal,
) => Promise<AttemptOutcome>;

const calling =
  (forward: ForwardCashback, { begin, end }: ReturnType<typeof attemptsOn>): Call =>
  async (due, { attempts, cashbackInCents }, document, signal) => {
    const attempt = attempts.length + 1;
    const credit = { document, cashback: amountText(cashbackInCents) };
    let begunAs = '';
    const beginOnce = async () => {
      signal.throwIfAborted();
      begunAs = await begin(due, attempt);
    };
    const came = await forward(credit, { idempotencyKey: due.saleId, signal, begin: beginOnce });
    await end(due, attempt, begunAs, came);
    return came;
  };

/**
 * Has a cashback credited by the partner. That it is about to be is put on record before the call,
 * and what came of it after: an attempt of which only the first is there was cut short in between,
 * and is never made again by itself.
 */
export const forwardCashback = ({ eventStore, forward, clock }: ForwardingDeps): Effect => {
  const records = recordsIn(eventStore, clock);
  const attempts = attemptsOn(records);
  const { close } = attempts;
  const call = calling(forward, attempts);

  const seeTo = async (due: Due, signal: AbortSignal): Promise<AttemptOutcome | undefined> => {
    const found = await records.load(due);
    const { state } = found;
    if (isUnderWay(state)) return close(due, found);
    if (!isWanted(state)) return undefined;
    if (state.document !== null) return call(due, state, state.document, signal);
    await records.giveUp(due, 'person-erased', 'The person was erased before it was forwarded');
    return undefined;
  };

  return {
    kind: FORWARD_CASHBACK,
    atOnce: AT_ONCE,
    carryOut: async (intent, { signal }) => {
      const came = await seeTo(dueIn(intent), signal);
      if (came?.outcome !== 'failed') return;
      throw came.final ? new Permanent(came.error) : new Error(came.error);
    },
    onParked: async (intent, { round, error }) => {
      const due = dueIn(intent);
      const found = await records.load(due);
      const came = isUnderWay(found.state) ? await close(due, found) : undefined;
      if (came === undefined || came.outcome === 'failed')
        await records.giveUp(due, 'attempts-spent', error, round);
    },
  };
};
