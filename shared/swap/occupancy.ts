import type { StationId, SwapId } from '#shared/ids.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';
import type { StationSwapEvent } from './events.ts';

export type Admitted = { readonly swapId: SwapId; readonly at: Instant };

export type Occupancy = {
  readonly vacated: boolean;
  /** All that is pending, and some that have ended since somebody looked. */
  readonly perhapsPending: readonly Admitted[];
};

type Asked = {
  readonly stationId: StationId;
  /** Of those that may be pending, the ones that were found not to be. */
  readonly settled: readonly SwapId[];
  readonly at: Instant;
};

export type OccupancyCommand =
  Message<'AdmitSwap', Asked & { readonly swapId: SwapId }> | Message<'VacateStation', Asked>;

export type OccupancyRefusal = 'station-vacated' | 'station-busy';

type Outcome = Decision<StationSwapEvent, OccupancyRefusal>;

const without = (those: readonly Admitted[], settled: readonly SwapId[]) => {
  const gone = new Set(settled);
  return those.filter(({ swapId }) => !gone.has(swapId));
};

const decide = (
  { type, data }: OccupancyCommand,
  { vacated, perhapsPending }: Occupancy,
): Outcome => {
  const { stationId, settled, at } = data;
  switch (type) {
    case 'AdmitSwap': {
      if (vacated) return refuse('station-vacated');
      const { swapId } = data;
      if (perhapsPending.some((one) => one.swapId === swapId)) return accept();
      const admitted = { type: 'SwapAdmitted', data: { stationId, swapId, at } } as const;
      if (settled.length === 0) return accept(admitted);
      const swapIds = [...settled];
      return accept<StationSwapEvent>(
        { type: 'SwapsSettled', data: { stationId, swapIds, at } },
        admitted,
      );
    }
    case 'VacateStation':
      if (vacated) return accept();
      return without(perhapsPending, settled).length > 0
        ? refuse('station-busy')
        : accept({ type: 'StationVacated', data: { stationId, at } });
  }
};

const evolve = (occupancy: Occupancy, { type, data }: StationSwapEvent): Occupancy => {
  const { perhapsPending } = occupancy;
  switch (type) {
    case 'SwapAdmitted': {
      const { swapId, at } = data;
      return { ...occupancy, perhapsPending: [...perhapsPending, { swapId, at }] };
    }
    case 'SwapsSettled':
      return { ...occupancy, perhapsPending: without(perhapsPending, data.swapIds) };
    case 'StationVacated':
      return { vacated: true, perhapsPending: [] };
  }
};

/** Which transactions keep a station from being removed; once vacated it takes no more of them. */
export const occupancy: Decider<Occupancy, OccupancyCommand, StationSwapEvent, OccupancyRefusal> = {
  initialState: { vacated: false, perhapsPending: [] },
  decide,
  evolve,
};
