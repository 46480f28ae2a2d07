import type { Knex } from 'knex';
import type { StationId } from '#shared/ids.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { together, type Instant } from '#shared/kernel/message.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import {
  stationEvents,
  stationPresenceEvents,
  type StationEvent,
  type StationPresenceEvent,
} from '#shared/station/events.ts';
import {
  anotherStation,
  aStation,
  batterySet,
  cameOnline,
  protocolChosen,
  registered,
  wentOffline,
} from '#shared/station/examples.ts';
import { swapEvents, type SwapEvent } from '#shared/swap/events.ts';
import { completed, expired, ignored, noon, published, started } from '#shared/swap/examples.ts';
import { swapIdOf } from '#shared/swap/number.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { stations } from '../../projections/station/stations-view.ts';
import { transactions } from '../../projections/swap/transactions-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { apply } from '../../projections/view.ts';

/** It was removed. */
export const aThird = '5d0b2a52-3c5e-5a0e-9d0a-000000000503' as StationId;
export const later = '2026-01-15T12:00:31.000Z' as Instant;

const of = (number: number, event: SwapEvent): SwapEvent =>
  ({ ...event, data: { ...event.data, swapId: swapIdOf(number) } }) as SwapEvent;
const begun = (number: number, stationId = aStation) =>
  started({ swapId: swapIdOf(number), number, stationId });

type Happened = StationEvent | StationPresenceEvent | SwapEvent;

/** By stream, in the order in which it happened. */
const happened: readonly (readonly [stream: string, events: readonly Happened[]])[] = [
  [`station-${aStation}`, [registered(), batterySet(false), protocolChosen('json')]],
  [`stationPresence-${aStation}`, [cameOnline(), wentOffline()]],
  [`station-${anotherStation}`, [registered({ stationId: anotherStation, description: 'B' })]],
  [
    `station-${aThird}`,
    [
      registered({ stationId: aThird }),
      { type: 'StationRemoved', data: { stationId: aThird, at: noon } },
    ],
  ],
  [
    `swap-${swapIdOf(14)}`,
    [
      begun(14),
      published(),
      of(14, ignored('garbled', { payload: 'cnfirm {14}', deliveryId: 'd-0' })),
      of(14, completed()),
      of(14, ignored('duplicate')),
      of(14, ignored('contradictory', { payload: 'error transaction {14}', deliveryId: 'd-3' })),
      of(
        14,
        ignored('duplicate', { payload: '/wA=', encoding: 'base64', deliveryId: 'd-4' } as object),
      ),
    ],
  ],
  [
    `swap-${swapIdOf(15)}`,
    [
      begun(15, anotherStation),
      of(15, published()),
      of(15, { ...expired(), data: { swapId: swapIdOf(15), at: later } } as SwapEvent),
      of(15, ignored('late', { payload: 'confirm transaction {15}' })),
    ],
  ],
  [`swap-${swapIdOf(16)}`, [begun(16), of(16, published())]],
  [`swap-${swapIdOf(17)}`, [begun(17, anotherStation)]],
];

const everything = together(together(stationEvents, stationPresenceEvents), swapEvents);

/** Stations of every kind, and a transaction for each end that there is, as read models have them. */
export const someTransactions = async (db: Knex): Promise<void> => {
  const eventStore = inMemoryEventStore();
  const options = { expected: 'no-stream', meta } as const;
  for (const [stream, events] of happened)
    await eventStore.append(stream, everything, events, options);
  await checkpointSchema.up(db);
  await prepareView(db, stations);
  await prepareView(db, transactions);
  for await (const { events } of eventStore.pages(stations.events, BEGINNING))
    await db.transaction((tx) => apply(tx, stations, events));
  for await (const { events } of eventStore.pages(swapEvents, BEGINNING))
    await db.transaction((tx) => apply(tx, transactions, events));
};
