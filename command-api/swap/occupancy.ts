import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { StationId, SwapId } from '#shared/ids.ts';
import { StreamMoved, type EventStore } from '#shared/kernel/event-store.ts';
import { streamsOf, type Loaded } from '#shared/kernel/handle-command.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { Meta } from '#shared/kernel/message.ts';
import { oneAtATime } from '#shared/platform/one-at-a-time.ts';
import { stationSwapEvents, swapEvents } from '#shared/swap/events.ts';
import {
  occupancy,
  type Admitted,
  type Occupancy,
  type OccupancyCommand,
  type OccupancyRefusal,
} from '#shared/swap/occupancy.ts';

const REMEMBERED_STATIONS = 10_000;
/** From so many on, somebody looks which of them have ended. */
const LOOK_FROM = 50;
const LOOKS_AT_ONCE = 16;
/** Other processes write to the same stream; each time one of them is first. */
const MOST_RACES = 20;
/** What was let in and has not begun by then never will: no append takes so long. */
const STILLBORN_AFTER_MS = 60_000;

const ENDS: ReadonlySet<string> = new Set(['SwapCompleted', 'SwapFailed', 'SwapExpired']);

export type Occupancies = {
  /** Says no when the station takes no more of them. */
  readonly admit: (stationId: StationId, swapId: SwapId, meta: Meta) => Promise<boolean>;
  /** Says no while one of them is pending; otherwise none will be, ever. */
  readonly vacate: (stationId: StationId, meta: Meta) => Promise<boolean>;
};

type Decide = (settled: readonly SwapId[]) => OccupancyCommand;

const admitting =
  (stationId: StationId, swapId: SwapId, { at }: Meta): Decide =>
  (settled) => ({ type: 'AdmitSwap', data: { stationId, swapId, settled, at } });
const vacating =
  (stationId: StationId, { at }: Meta): Decide =>
  (settled) => ({ type: 'VacateStation', data: { stationId, settled, at } });

/** Which of them need not be asked about again. */
const settledAmong = async (
  eventStore: EventStore,
  those: readonly Admitted[],
  now: Meta['at'],
): Promise<readonly SwapId[]> => {
  const limit = pLimit(LOOKS_AT_ONCE);
  const latest = Date.parse(now) - STILLBORN_AFTER_MS;
  const isSettled = async ({ swapId, at }: Admitted) => {
    const { events, revision } = await eventStore.read(`swap-${swapId}`, swapEvents);
    if (revision === 'no-stream') return Date.parse(at) < latest;
    return events.some(({ type }) => ENDS.has(type));
  };
  const settled = await limit.map(those, isSettled);
  return those.filter((_, nth) => settled[nth]).map(({ swapId }) => swapId);
};

/**
 * What stations are busy with, in a stream beside each of them. A process remembers how far each
 * stream has got, and reads it again only when another process has written to it.
 */
export const occupanciesIn = (eventStore: EventStore): Occupancies => {
  const streams = streamsOf<
    (typeof stationSwapEvents)['schemas'],
    Occupancy,
    OccupancyCommand,
    OccupancyRefusal
  >(eventStore, 'stationSwaps', stationSwapEvents, occupancy);
  const known = new LRUCache<string, Loaded<Occupancy>>({ max: REMEMBERED_STATIONS });
  const inTurn = oneAtATime();

  const attempt = async (id: StationId, decide: Decide, lookFrom: number, meta: Meta) => {
    const loaded = known.get(id) ?? (await streams.load(id));
    const { perhapsPending } = loaded.state;
    const settled =
      perhapsPending.length >= lookFrom
        ? await settledAmong(eventStore, perhapsPending, meta.at)
        : [];
    const decision = streams.decide(decide(settled), loaded);
    if (decision.outcome === 'refused') return false;
    const { state, revision } = await streams.append(id, loaded, decision.events, meta);
    known.set(id, { history: [], state, revision });
    return true;
  };

  const carryOut = (id: StationId, decide: Decide, lookFrom: number, meta: Meta) =>
    inTurn(id, async () => {
      for (let race = 1; ; race++)
        try {
          return await attempt(id, decide, lookFrom, meta);
        } catch (error) {
          known.delete(id);
          if (!(error instanceof StreamMoved) || race === MOST_RACES) throw error;
        }
    });

  return {
    admit: (stationId, swapId, meta) => {
      const own = { ...meta, commandId: derivedId('admission', swapId) };
      return carryOut(stationId, admitting(stationId, swapId, meta), LOOK_FROM, own);
    },
    vacate: (stationId, meta) => {
      // What this process remembers may be behind; being refused or vacating wrongly is not.
      known.delete(stationId);
      const own = { ...meta, commandId: derivedId('vacating', meta.commandId) };
      return carryOut(stationId, vacating(stationId, meta), 1, own);
    },
  };
};
