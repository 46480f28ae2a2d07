import { execFileSync } from 'node:child_process';

export type Listed = { readonly pid: number; readonly parent: number; readonly command: string };

const listed = (): Listed[] =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const { pid, parent, command } =
        /^\s*(?<pid>\d+)\s+(?<parent>\d+)\s+(?<command>.*)$/.exec(line)?.groups ?? {};
      return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
    });

/** What a process started, and what those started in turn. */
export const descendants = (root: number): Listed[] => {
  const all = listed();
  const below = (pid: number): Listed[] =>
    all.filter(({ parent }) => parent === pid).flatMap((one) => [one, ...below(one.pid)]);
  return below(root);
};

export const hasEnded = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};
