import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { prettyFactory } from 'pino-pretty';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';
import { seldom } from './seldom.ts';

const LARGEST_FILE = '10M';
const KEPT_FILES = 5;

/** What Node tells developers of the libraries in use; whoever runs them can do nothing about it. */
const NODE_WARNS = /^\((node:\d+\) |Use `node --trace)/;
const WORTH_SHOWING = new Set(['warn', 'error', 'fatal']);

/** One line: the stack of an error is in the file. */
const pretty = prettyFactory({
  colorize: process.stdout.isTTY,
  translateTime: 'SYS:HH:MM:ss',
  messageFormat: '{msg}{if err.message}: {err.message}{end}',
  ignore: 'pid,hostname,process,err,stack',
  singleLine: true,
});

type Line = { readonly level?: string; readonly msg?: string };

const understood = (line: string): Line | undefined => {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === 'object' && read !== null ? read : undefined;
  } catch {
    return undefined;
  }
};

/** Lines of a process as a person wants them on the console; nothing when one is for the file. */
export const forConsole = (
  name: string,
  now: () => number,
): ((line: string) => string | undefined) => {
  const label = name.padEnd(12);
  const isTime = seldom(now);

  return (line) => {
    if (line.trim() === '' || NODE_WARNS.test(line)) return undefined;
    const read = understood(line);
    // What is no JSON was written by something that does not know our logs: show it as it is.
    if (!read) return `${label} ${line}`;
    const { level = '', msg = '' } = read;
    if (!WORTH_SHOWING.has(level)) return undefined;
    const keptBack = isTime(`${level} ${msg}`);
    if (keptBack === undefined) return undefined;
    const more = keptBack > 0 ? ` (and ${keptBack} more like it)` : '';
    return `${label} ${pretty(line).trimEnd()}${more}`;
  };
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
  const shown = forConsole(name, () => performance.now());
  let lastWords = '';

  return {
    /** Why a process ended is the last thing it says on standard error. */
    take: (source: Readable | null, kind?: 'last words'): void => {
      if (!source) return;
      createInterface({ input: source }).on('line', (line) => {
        file.write(`${line}\n`);
        if (kind === 'last words') lastWords = line;
        const text = shown(line);
        if (text !== undefined) say(text);
      });
    },
    lastWords: () => lastWords,
    close: () => new Promise<void>((resolve) => file.end(resolve)),
  };
};
