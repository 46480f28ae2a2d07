import { randomUUID } from 'node:crypto';
import type { SaleId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler, streamsOf } from '#shared/kernel/handle-command.ts';
import type { Clock } from '#shared/kernel/message.ts';
import { Erased } from '#shared/kernel/personal.ts';
import type { AttemptOutcome, SaleCommand } from '#shared/sale/commands.ts';
import { sale } from '#shared/sale/decider.ts';
import { isReceived, type ReceivedSale } from '#shared/sale/state.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { metaOf, type Pending } from '../effect.ts';

/** Which sale is forwarded, and because of what. */
export type Due = { readonly intent: Pending; readonly saleId: SaleId };

export type Found = {
  readonly state: ReceivedSale;
  /** Under which identity the last attempt was begun. */
  readonly begunAs: string | undefined;
};

/** Without what was received: its person was erased while it was under way. */
const bare = ({ body: _body, ...came }: AttemptOutcome) => came as AttemptOutcome;

/** What is put on record about forwarding, each step under an identity of its own. */
export const recordsIn = (eventStore: EventStore, clock: Clock) => {
  const handle = commandHandler(eventStore, 'sale', saleEvents, sale);
  const { load } = streamsOf(eventStore, 'sale', saleEvents, sale);
  const put = ({ intent, saleId }: Due, command: SaleCommand, step: string) =>
    handle(saleId, command, { meta: metaOf(intent, command.data.at, step), keyed: true });

  return {
    load: async ({ saleId }: Due): Promise<Found> => {
      const { state, history } = await load(saleId);
      if (!isReceived(state)) throw new Error(`sale-${saleId} holds no sale that was received`);
      const begun = history.findLast(({ type }) => type === 'CashbackForwardAttempted');
      return { state, begunAs: begun?.meta.commandId };
    },

    /** Nobody else's attempt may be taken for a repeat of this one, or both would call. */
    beginning: (due: Due, attempt: number) => {
      const { saleId } = due;
      const step = `attempt-${attempt}-${randomUUID()}`;
      const at = clock();
      return {
        as: metaOf(due.intent, at, step).commandId,
        /** False when somebody else has begun it, or nobody wants it any more. */
        put: async (): Promise<boolean> => {
          const command = { type: 'BeginForward', data: { saleId, attempt, at } } as const;
          return (await put(due, command, step)).outcome === 'accepted';
        },
      };
    },

    end: async (due: Due, attempt: number, outcome: AttemptOutcome): Promise<void> => {
      const { saleId } = due;
      const ended = (came: AttemptOutcome) => {
        const data = { saleId, attempt, at: clock(), came };
        return put(due, { type: 'EndForward', data }, `${came.outcome}-${attempt}`);
      };
      try {
        await ended(outcome);
      } catch (error) {
        if (!(error instanceof Erased)) throw error;
        await ended(bare(outcome));
      }
    },

    giveUp: async (
      due: Due,
      why: 'attempts-spent' | 'person-erased',
      error: string,
      round = 0,
    ): Promise<void> => {
      const data = { saleId: due.saleId, why, error, at: clock() };
      await put(due, { type: 'GiveUpForward', data }, `given-up-${round}-${why}`);
    },
  };
};
export type Records = ReturnType<typeof recordsIn>;
