import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { RebuildProgress } from '#shared/platform/checkpoint.ts';

export type Phase = 'preparing' | 'replaying' | 'indexing' | 'comparing' | 'switching';

export type Progress = RebuildProgress & {
  readonly phase: Phase;
  /** Of the log up to where the live view is, from 0 to 1. */
  readonly fraction: number;
};

/** How far a rebuild has got, and how fast. */
export const progressOf = (tell: (progress: Progress) => void) => {
  const started = performance.now();
  const at = { phase: 'preparing' as Phase, position: BEGINNING, target: BEGINNING, processed: 0 };
  let replayStarted = started;

  const now = (): Progress => {
    const seconds = (performance.now() - replayStarted) / 1_000;
    const done = Number(at.position + 1n) / Math.max(1, Number(at.target + 1n));
    const fraction = Math.min(1, done);
    return {
      phase: at.phase,
      processed: at.processed,
      perSecond: Math.round(at.processed / Math.max(seconds, 0.001)),
      etaSeconds: fraction > 0 ? Math.round((seconds * (1 - fraction)) / fraction) : null,
      fraction,
    };
  };

  return {
    now,
    seconds: () => (performance.now() - started) / 1_000,
    position: () => at.position,
    processed: () => at.processed,
    enter: (phase: Phase) => {
      if (phase === 'replaying') replayStarted = performance.now();
      at.phase = phase;
      tell(now());
    },
    aimAt: (target: bigint) => {
      at.target = target;
    },
    moveTo: (position: bigint, events: number) => {
      at.position = position;
      at.processed += events;
      tell(now());
    },
  };
};
