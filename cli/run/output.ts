import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { prettyFactory } from 'pino-pretty';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

const LARGEST_FILE = '10M';
const KEPT_FILES = 5;
/** What Node tells developers of the libraries in use; whoever runs them can do nothing about it. */
const NODE_WARNS = /^\((node:\d+\) |Use `node --trace)/;
const WORTH_SHOWING = new Set(['warn', 'error', 'fatal']);

const pretty = prettyFactory({
  colorize: process.stdout.isTTY,
  translateTime: 'SYS:HH:MM:ss',
  ignore: 'pid,hostname,process,stack',
  singleLine: true,
});

/** A line as a person wants it on the console; nothing when it is for the file only. */
const shown = (name: string, line: string): string | undefined => {
  if (line.trim() === '' || NODE_WARNS.test(line)) return undefined;
  try {
    const { level } = JSON.parse(line) as { readonly level?: string };
    return WORTH_SHOWING.has(level ?? '')
      ? `${name.padEnd(12)} ${pretty(line).trimEnd()}`
      : undefined;
  } catch {
    // What is no JSON was written by something that does not know our logs: show it as it is.
    return `${name.padEnd(12)} ${line}`;
  }
};

/** Where the output of a process goes: all of it to its file, what matters to `say`. */
export const outputOf = (name: string, directory: string, say: (words: string) => void) => {
  const file: RotatingFileStream = createStream(`${name}.log`, {
    path: join(directory, 'logs'),
    size: LARGEST_FILE,
    maxFiles: KEPT_FILES,
  });
  // A disk that is full must not take the processes down that could still answer.
  file.on('error', () => undefined);
  let lastWords = '';

  return {
    /** Why a process ended is the last thing it says on standard error. */
    take: (source: Readable | null, kind?: 'last words'): void => {
      if (!source) return;
      createInterface({ input: source }).on('line', (line) => {
        file.write(`${line}\n`);
        if (kind === 'last words') lastWords = line;
        const text = shown(name, line);
        if (text !== undefined) say(text);
      });
    },
    lastWords: () => lastWords,
    close: () => new Promise<void>((resolve) => file.end(resolve)),
  };
};
