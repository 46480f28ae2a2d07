import { SingleBar } from 'cli-progress';
import type { Progress } from '../projections/rebuild-progress.ts';
import type { Output } from './outcome.ts';

const LINE_EVERY_MS = 2_000;

const eta = ({ etaSeconds }: Progress) => (etaSeconds === null ? '–' : `${etaSeconds} s`);

const bar = (view: string) => {
  const shown = new SingleBar({
    format: `${view} {phase} [{bar}] {percentage} %  {processed} events  {rate}/s  {eta_} left`,
    hideCursor: true,
    clearOnComplete: false,
    stream: process.stderr,
  });
  shown.start(100, 0, { phase: 'preparing', processed: 0, rate: 0, eta_: '–' });
  return {
    tell: (progress: Progress) => {
      const { phase, processed, perSecond: rate } = progress;
      const whole = Math.floor(progress.fraction * 100);
      shown.update(whole, { phase, processed, rate, eta_: eta(progress) });
    },
    end: () => {
      shown.stop();
    },
  };
};

/** For whoever reads a file of it later: a line for each phase, and one now and then. */
const lines = (view: string) => {
  let said = { phase: '', at: 0 };
  return {
    tell: (progress: Progress) => {
      const now = performance.now();
      if (progress.phase === said.phase && now - said.at < LINE_EVERY_MS) return;
      said = { phase: progress.phase, at: now };
      const { phase, processed, perSecond, fraction } = progress;
      const share = `${Math.floor(fraction * 100)} %`;
      const rest = `${processed} events, ${perSecond}/s, ${eta(progress)} left`;
      process.stderr.write(`${view}: ${phase}, ${share}, ${rest}\n`);
    },
    end: () => undefined,
  };
};

const quiet = { tell: () => undefined, end: () => undefined };

/** A bar for people, lines for whoever reads a file of it later, nothing beside JSON. */
export const progressFor = (view: string, { json }: Output) => {
  if (json) return quiet;
  return process.stderr.isTTY ? bar(view) : lines(view);
};
