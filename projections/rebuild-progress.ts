import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { RebuildProgress } from '#shared/platform/checkpoint.ts';

export type Phase = 'preparing' | 'replaying' | 'indexing' | 'comparing' | 'switching';

export type Progress = RebuildProgress & {
  readonly phase: Phase;
  /** Of the log up to where the live view is, from 0 to 1. */
  readonly fraction: number;
};

type Place = { readonly position: bigint; readonly processed: number };

/** How far a rebuild has got, and how fast. */
export const progressOf = (tell: (progress: Progress) => void) => {
  const started = performance.now();
  let begun: Place = { position: BEGINNING, processed: 0 };
  let phase: Phase = 'preparing';
  let at = begun;
  let target = BEGINNING;
  let replayStarted = started;

  const fractionAt = (position: bigint): number =>
    Math.min(1, Number(position + 1n) / Math.max(1, Number(target + 1n)));

  const now = (): Progress => {
    const seconds = (performance.now() - replayStarted) / 1_000;
    const fraction = fractionAt(at.position);
    // What an earlier run has done says nothing of how fast this one is.
    const ours = fraction - fractionAt(begun.position);
    const left = fraction === 1 ? 0 : Math.round((seconds * (1 - fraction)) / ours);
    return {
      phase,
      processed: at.processed,
      perSecond: Math.round((at.processed - begun.processed) / Math.max(seconds, 0.001)),
      etaSeconds: ours > 0 || fraction === 1 ? left : null,
      fraction,
    };
  };

  return {
    now,
    seconds: () => (performance.now() - started) / 1_000,
    position: () => at.position,
    processed: () => at.processed,
    enter: (next: Phase) => {
      if (next === 'replaying') replayStarted = performance.now();
      phase = next;
      tell(now());
    },
    goOnFrom: (place: Place) => {
      begun = place;
      at = place;
    },
    aimAt: (position: bigint) => {
      target = position;
    },
    moveTo: (position: bigint, events: number) => {
      at = { position, processed: at.processed + events };
      tell(now());
    },
  };
};
