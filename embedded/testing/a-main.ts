import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** More than any of them needs on a busy machine. */
const LONGEST_START_MS = 30_000;
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const ROOT = new URL('../../', import.meta.url);

export type AMain = {
  readonly process: ChildProcess;
  /** All it said so far, a line each. */
  readonly lines: readonly string[];
  /** The first line, past or to come, that has these words. */
  readonly says: (words: string) => Promise<string>;
  readonly exit: Promise<number | string>;
};

const running = new Set<ChildProcess>();

/** For `afterEach`: a spec that failed half-way must leave nothing running. */
export const endMains = (): void => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
};

/** A process of ours as it is started in earnest; `main` is a path in the checkout. */
export const aMain = (
  main: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  { uid }: { readonly uid?: number } = {},
): AMain => {
  const path = fileURLToPath(new URL(main, ROOT));
  const loader = main.endsWith('.ts') ? ['--import', TSX] : [];
  const child = spawn(process.execPath, [...loader, path, ...args], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Only who is above all permissions may become somebody else, and only they need to.
    ...(uid !== undefined && process.getuid?.() === 0 && { uid }),
  });
  running.add(child);
  const lines: string[] = [];
  const hearers = new Set<() => void>();
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      for (const hear of hearers) hear();
    });
  const exit = once(child, 'close').then(
    ([code, signal]: unknown[]) => (code as number | null) ?? (signal as string),
  );

  const says = (words: string) =>
    new Promise<string>((resolve, reject) => {
      const failed = (why: string) => {
        settle();
        reject(new Error(`${main} never said "${words}" (${why}):\n${lines.join('\n')}`));
      };
      const late = setTimeout(failed, LONGEST_START_MS, 'late');
      const settle = () => {
        clearTimeout(late);
        hearers.delete(hear);
      };
      const hear = () => {
        const line = lines.find((said) => said.includes(words));
        if (line === undefined) return;
        settle();
        resolve(line);
      };
      hearers.add(hear);
      void exit.then((code) => {
        if (hearers.has(hear)) failed(`exit ${code}`);
      });
      hear();
    });

  return { process: child, lines, says, exit };
};
