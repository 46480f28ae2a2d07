import { Gauge, type Registry } from 'prom-client';
import type { RebuildProgress } from './checkpoint.ts';

export type Rebuilding = { readonly name: string; readonly rebuild: RebuildProgress };

/** How far rebuilds have got: those that are under way, and those that somebody has to look at. */
export const rebuildMetrics = (registers: Registry[]) => {
  const gauge = (name: string, help: string, ...more: readonly string[]) =>
    new Gauge({ name, help, labelNames: ['projection', ...more], registers });
  const phase = gauge('projection_rebuild', '1 for the phase that a rebuild is in.', 'phase');
  const processed = gauge('projection_rebuild_events', 'Events that a rebuild has folded.');
  const rate = gauge('projection_rebuild_events_per_second', 'How fast it folds them.');
  const left = gauge('projection_rebuild_eta_seconds', 'How much longer it may take, if known.');

  return {
    /** All of them: what is not named any more is over. */
    showRebuilds: (rebuilds: readonly Rebuilding[]): void => {
      for (const each of [phase, processed, rate, left]) each.reset();
      for (const { name, rebuild } of rebuilds) {
        const of = { projection: name };
        phase.set({ ...of, phase: rebuild.phase }, 1);
        processed.set(of, rebuild.processed);
        rate.set(of, rebuild.perSecond);
        if (rebuild.etaSeconds !== null) left.set(of, rebuild.etaSeconds);
      }
    },
  };
};
