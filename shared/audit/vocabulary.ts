import { accountEvents, signInEvents } from '#shared/account/events.ts';
import { activationEvents, activationNoticeEvents } from '#shared/activation/events.ts';
import { cashbackLedgerEvents, cashbackMonthEvents } from '#shared/cashback-month/events.ts';
import { companyEvents } from '#shared/company/events.ts';
import {
  conciliationEvents,
  conciliationPeriodEvents,
  findingEvents,
} from '#shared/conciliation/events.ts';
import { customerEvents } from '#shared/customer/events.ts';
import { effectEvents } from '#shared/effect/events.ts';
import { favouriteEvents } from '#shared/favourite/events.ts';
import { erasureEvents } from '#shared/kernel/erasure.ts';
import { keyClaimEvents } from '#shared/kernel/handle-unique.ts';
import type { Contract, MessagesIn, Named } from '#shared/kernel/message.ts';
import { reservationEvents } from '#shared/kernel/reservation.ts';
import { purchaseEvents } from '#shared/purchase/events.ts';
import { resellerEvents } from '#shared/reseller/events.ts';
import { buyerEvents, saleEvents } from '#shared/sale/events.ts';
import { stationEvents, stationPresenceEvents } from '#shared/station/events.ts';
import {
  equipmentUnmatchedEvents,
  stationSwapEvents,
  swapEvents,
  swapNumberEvents,
} from '#shared/swap/events.ts';
import { sealEvents } from './events.ts';

/** Everything that can have happened. What is missing here is named by test/contracts.spec.ts. */
const contracts = [
  ...[accountEvents, signInEvents, activationEvents, activationNoticeEvents, companyEvents],
  ...[cashbackLedgerEvents, cashbackMonthEvents, purchaseEvents, resellerEvents],
  ...[customerEvents, favouriteEvents, effectEvents, saleEvents, buyerEvents],
  ...[stationEvents, stationPresenceEvents, stationSwapEvents, equipmentUnmatchedEvents],
  ...[swapEvents, swapNumberEvents, sealEvents],
  ...[conciliationEvents, findingEvents, erasureEvents, keyClaimEvents],
  ...[conciliationPeriodEvents, reservationEvents],
] as const;

export type AnyEvent = MessagesIn<(typeof contracts)[number]>;

/** What happened, as a sentence without its subject’s name: who it was stands before it. */
export type Sentences = {
  readonly [Type in AnyEvent['type']]: (data: Named<AnyEvent, Type>['data']) => string;
};

const byType: ReadonlyMap<string, Contract> = new Map(
  contracts.flatMap((contract) => {
    const untyped = contract as unknown as Contract;
    return Object.keys(untyped.schemas).map((type) => [type, untyped] as const);
  }),
);

/** Which contract an event is of; nothing when it is not one of ours. */
export const contractOf = (type: string): Contract | undefined => byType.get(type);
