import type { Output } from './outcome.ts';

const LINE_EVERY_MS = 2_000;

/** A line on standard error now and then, while many events are gone through. */
export const telling = (done: string, { json }: Output) => {
  const began = performance.now();
  let said = began;
  let events = 0;
  return {
    add: (count: number): void => {
      events += count;
      const now = performance.now();
      if (json || now - said < LINE_EVERY_MS) return;
      said = now;
      const perSecond = Math.round((events * 1_000) / (now - began));
      process.stderr.write(`${events} events ${done}, ${perSecond}/s\n`);
    },
    end: (): void => {
      if (!json) process.stderr.write(`${events} events ${done}\n`);
    },
  };
};
