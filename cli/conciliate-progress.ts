import { SingleBar } from 'cli-progress';

const MATCHING = 'matching';

/** How far a statement has got: read byte by byte, and then set against the log. */
export type Progress = {
  readonly read: (bytes: number) => void;
  readonly matching: () => void;
  readonly end: () => void;
};

const bar = (bytes: number): Progress => {
  const shown = new SingleBar({
    format: '{phase} [{bar}] {percentage} %  {duration_formatted}',
    hideCursor: true,
    stream: process.stderr,
  });
  shown.start(Math.max(bytes, 1), 0, { phase: 'reading' });
  return {
    read: (count) => {
      shown.increment(count);
    },
    matching: () => {
      shown.update(Math.max(bytes, 1), { phase: MATCHING });
    },
    end: () => {
      shown.stop();
    },
  };
};

const lines = (bytes: number): Progress => {
  process.stderr.write(`reading ${bytes} bytes\n`);
  return {
    read: () => undefined,
    matching: () => process.stderr.write(`${MATCHING}\n`),
    end: () => undefined,
  };
};

/** A bar for people, lines for whoever reads a file of it later. */
export const progressOf = (bytes: number): Progress =>
  process.stderr.isTTY ? bar(bytes) : lines(bytes);
