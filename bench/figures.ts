/** Rate and latency of one measurement; latencies in milliseconds. */
export type Figures = { readonly perSecond: number; readonly p50: number; readonly p99: number };

export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

export const figuresOf = (latencies: readonly number[], seconds: number): Figures => {
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    perSecond: latencies.length / seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
};

/** Keeps `atOnce` of them going for so long, and says how fast they were. */
export const sustained = async (
  work: (nth: number) => Promise<unknown>,
  { atOnce, seconds }: { readonly atOnce: number; readonly seconds: number },
): Promise<Figures> => {
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1_000;
  let nth = 0;
  const one = async () => {
    while (performance.now() < until) {
      const begun = performance.now();
      await work(nth++);
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return figuresOf(latencies, (performance.now() - started) / 1_000);
};

const rounded = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(2));

export const show = (what: string, { perSecond, p50, p99 }: Figures, floor?: Figures): void => {
  const ratio = floor ? `  ratio ${(perSecond / floor.perSecond).toFixed(3)}` : '';
  const speed = `${rounded(perSecond).padStart(8)}/s`;
  const latency = `p50 ${rounded(p50).padStart(7)} ms  p99 ${rounded(p99).padStart(7)} ms`;
  console.log(`${what.padEnd(44)} ${speed}  ${latency}${ratio}`);
};
