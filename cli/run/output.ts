import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { prettyFactory } from 'pino-pretty';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

const LARGEST_FILE = '10M';
const KEPT_FILES = 5;
/** What is kept to explain why a process ended. */
const LAST_LINES = 20;

const WORTH_SHOWING = new Set(['warn', 'error', 'fatal']);

const pretty = prettyFactory({
  colorize: process.stdout.isTTY,
  translateTime: 'SYS:HH:MM:ss',
  ignore: 'pid,hostname,process,stack',
  singleLine: true,
});

/** A line as a person wants it on the console; nothing when it is for the file only. */
const shown = (name: string, line: string): string | undefined => {
  if (line.trim() === '') return undefined;
  try {
    const { level } = JSON.parse(line) as { readonly level?: string };
    return WORTH_SHOWING.has(level ?? '') ? `${name.padEnd(12)} ${pretty(line)}` : undefined;
  } catch {
    // What is no JSON was written by something that does not know our logs: show it as it is.
    return `${name.padEnd(12)} ${line}\n`;
  }
};

/** Where the output of a process goes: all of it to its file, what matters to the console. */
export const outputOf = (name: string, directory: string) => {
  const file: RotatingFileStream = createStream(`${name}.log`, {
    path: join(directory, 'logs'),
    size: LARGEST_FILE,
    maxFiles: KEPT_FILES,
  });
  // A disk that is full must not take the processes down that could still answer.
  file.on('error', () => undefined);
  const last: string[] = [];

  return {
    take: (source: Readable | null): void => {
      if (!source) return;
      createInterface({ input: source }).on('line', (line) => {
        file.write(`${line}\n`);
        last.push(line);
        if (last.length > LAST_LINES) last.shift();
        const text = shown(name, line);
        if (text !== undefined) process.stdout.write(text);
      });
    },
    lastLine: () => last.at(-1) ?? '',
    close: () => new Promise<void>((resolve) => file.end(resolve)),
  };
};
