import type { RawEvent } from './raw-page.ts';

export type Ring = {
  /** Whether all after this position is in it, or still to come. */
  readonly covers: (position: bigint) => boolean;
  readonly after: (position: bigint, most: number) => readonly RawEvent[];
  readonly add: (events: readonly RawEvent[]) => void;
};

/** The last events of a log, which must come in order. What is older makes room. */
export const ringOf = (capacity: number, start: bigint): Ring => {
  const slots: RawEvent[] = [];
  let added = 0;
  let from = start;

  const oldest = () => Math.max(0, added - capacity);
  const at = (nth: number): RawEvent | undefined => slots[nth % capacity];
  const positionOf = (nth: number) => at(nth)?.position.commit ?? from;

  /** Which of them, counted since the start, is the first after a position. */
  const firstAfter = (position: bigint): number => {
    let low = oldest();
    let high = added;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (positionOf(middle) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  return {
    covers: (position) => position >= from,
    after: (position, most) => {
      const first = firstAfter(position);
      const count = Math.min(most, added - first);
      return Array.from({ length: count }, (_, nth) => at(first + nth)).filter(
        (event) => event !== undefined,
      );
    },
    add: (events) => {
      for (const event of events) {
        if (added >= capacity) from = positionOf(added - capacity);
        slots[added % capacity] = event;
        added += 1;
      }
    },
  };
};
