import { spawn } from 'node:child_process';

/**
 * Ends the server when this process is gone without having stopped it: reading from a pipe fails as
 * soon as nobody is left to write to it.
 */
export const watchdog = (pid: number): (() => Promise<void>) => {
  const script = 'read -r done || kill -INT "$1"';
  const child = spawn('/bin/sh', ['-c', script, 'watchdog', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
    child.once('error', () => {
      resolve();
    });
  });
  child.unref();
  child.stdin.on('error', () => undefined);
  return () => {
    child.stdin.end('done\n');
    return ended;
  };
};
