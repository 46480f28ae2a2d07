import { readFileSync } from 'node:fs';
import { descendants } from '../test/support/processes.ts';

const rssOf = (pid: number): number => {
  try {
    const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(found?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
};

const PROCESSES = ['command-api/main.ts', 'projections/main.ts', 'query-api/main.ts', 'postgres:'];

/** The largest that each of them was, in MiB, while something was done. */
export const watching = () => {
  const most = new Map<string, number>();
  const look = () => {
    for (const { pid, command } of descendants(process.pid)) {
      const name = PROCESSES.find((one) => command.includes(one));
      if (name !== undefined) most.set(name, Math.max(most.get(name) ?? 0, rssOf(pid)));
    }
  };
  const timer = setInterval(look, 500);
  return () => {
    clearInterval(timer);
    return [...most].map(([name, mib]) => `${name} ${mib.toFixed(0)} MiB`).join(', ');
  };
};
