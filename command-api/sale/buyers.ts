import { buyer, otherwiseCalledIn, type BuyerCommand } from '#shared/sale/buyer.ts';
import { buyerEvents } from '#shared/sale/events.ts';
import { StreamMoved, type EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler, streamsOf } from '#shared/kernel/handle-command.ts';
import type { Meta } from '#shared/kernel/message.ts';

export type Warning = { readonly code: 'known-by-another-name'; readonly saleId: string };

type Naming = BuyerCommand['data'];

/**
 * Keeps what buyers are called, and says whether one is known by another name. When a great many
 * sales of one buyer come at the same moment, a name may be left to be kept by the next sale.
 */
export const buyersIn = (eventStore: EventStore) => {
  const name = commandHandler(eventStore, 'buyer', buyerEvents, buyer);
  const { load } = streamsOf(eventStore, 'buyer', buyerEvents, buyer);

  const known = async (data: Naming, meta: Meta) => {
    try {
      const asked = { meta, keyed: true };
      const named = await name(data.subjectId, { type: 'NameBuyer', data }, asked);
      // No command of theirs is ever refused, but the handler of any command may say that one is.
      return named.outcome === 'accepted' ? named.state : buyer.initialState;
    } catch (error) {
      if (!(error instanceof StreamMoved)) throw error;
      return (await load(data.subjectId)).state;
    }
  };

  /** @throws {Erased} when nothing more may be kept about them. */
  return async (naming: Naming, meta: Meta): Promise<readonly Warning[]> => {
    if (naming.name.trim() === '') return [];
    const saleId = otherwiseCalledIn(await known(naming, meta), naming);
    return saleId === undefined ? [] : [{ code: 'known-by-another-name', saleId }];
  };
};
