import pLimit from 'p-limit';
import { accountEvents, signInEvents } from '#shared/account/events.ts';
import { activationEvents, activationNoticeEvents } from '#shared/activation/events.ts';
import { cashbackLedgerEvents } from '#shared/cashback-month/events.ts';
import { customerEvents } from '#shared/customer/events.ts';
import { effectEvents } from '#shared/effect/events.ts';
import { favouriteEvents } from '#shared/favourite/events.ts';
import { erasureEvents } from '#shared/kernel/erasure.ts';
import { categoryOf, type EventStore } from '#shared/kernel/event-store.ts';
import { together, type Contract } from '#shared/kernel/message.ts';
import { reservationEvents } from '#shared/kernel/reservation.ts';
import { purchaseEvents } from '#shared/purchase/events.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import { buyerEvents, saleEvents } from '#shared/sale/events.ts';
import type { HeldEvent, HeldIn } from './ports.ts';

const READS_AT_ONCE = 16;

/** Whatever may be about a person. Which event it is shows at run time only. */
export const aboutPeople: readonly Contract[] = [
  ...[accountEvents, signInEvents, activationEvents, activationNoticeEvents],
  ...[customerEvents, favouriteEvents, resellerEvents, purchaseEvents, cashbackLedgerEvents],
  ...[saleEvents, buyerEvents, effectEvents, reservationEvents, erasureEvents],
] as unknown as readonly Contract[];

/** All of them as one, for whoever goes through the log. */
export const allAboutPeople: Contract = aboutPeople.reduce((one, other) => together(one, other));

const contractOf = new Map(
  aboutPeople.flatMap((contract) => [...contract.categories].map((name) => [name, contract])),
);

/** Reads what is on record from the log itself; what was erased reads `null`. */
export const heldIn = (eventStore: EventStore): HeldIn => {
  const inTurn = pLimit(READS_AT_ONCE);

  const read = async (stream: string): Promise<readonly HeldEvent[]> => {
    const contract = contractOf.get(categoryOf(stream));
    if (!contract) return [];
    const { events } = await eventStore.read(stream, contract);
    return events.map(({ type, data, revision, meta: { at } }) => ({
      ...{ stream, revision: Number(revision), type, at },
      data: data as Readonly<Record<string, unknown>>,
    }));
  };

  return async (streams) => (await inTurn.map(streams, read)).flat();
};
