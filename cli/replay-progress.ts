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

/** A line for each phase, and one now and then. */
const lines = (inWords: (progress: Progress) => string) => {
  let said = { phase: '', at: 0 };
  return {
    tell: (progress: Progress) => {
      const now = performance.now();
      if (progress.phase === said.phase && now - said.at < LINE_EVERY_MS) return;
      said = { phase: progress.phase, at: now };
      process.stderr.write(`${inWords(progress)}\n`);
    },
    end: () => undefined,
  };
};

/** For whoever reads a file of it later. */
const sentence = (view: string) => (progress: Progress) => {
  const { phase, processed, perSecond, fraction } = progress;
  const share = `${Math.floor(fraction * 100)} %`;
  return `${view}: ${phase}, ${share}, ${processed} events, ${perSecond}/s, ${eta(progress)} left`;
};

/** For programs: an object in a line (NDJSON). The outcome alone goes to the standard output. */
const json = (view: string) => (progress: Progress) => JSON.stringify({ view, ...progress });

/** A bar for people, lines for whoever reads a file of it later, JSON for programs. */
export const progressFor = (view: string, output: Output) => {
  if (output.json) return lines(json(view));
  return process.stderr.isTTY ? bar(view) : lines(sentence(view));
};
