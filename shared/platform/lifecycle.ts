import { setTimeout as pause } from 'node:timers/promises';
import { BadConfig, commonSettings, EXIT_BAD_CONFIG, settingsFrom } from './config.ts';
import { logger, type Log } from './log.ts';

/** A process that was told to stop is gone by then, whatever still hangs. */
const LONGEST_STOP_MS = 9_000;

/** What a process says to the one that started it, if that listens, once it is up. */
export const READY = 'ready';

export type Process = {
  readonly log: Log;
  /** Runs when the process stops: what was started last is stopped first. */
  readonly onStop: (what: string, stop: () => unknown) => void;
  /** Aborted as soon as the process is told to stop. */
  readonly stopping: AbortSignal;
  /** Ends the process in order, with 1, or 78 for a wrong setting: it cannot go on. */
  readonly fail: (error: unknown) => void;
};

/** A port is taken, and whoever starts us can choose another by this variable. */
export class PortInUse extends BadConfig {
  constructor(port: number, variable: string) {
    super(`Port ${port} is in use: stop what listens there, or set ${variable} to another port`);
  }
}

type Closer = readonly [what: string, stop: () => unknown];

const closeAll = async (closers: readonly Closer[], log: Log): Promise<void> => {
  for (const [what, stop] of closers.toReversed())
    try {
      await stop();
    } catch (err) {
      log.warn({ err, what }, 'did not stop cleanly');
    }
};

const stopper = (closers: readonly Closer[], stopping: AbortController, log: Log) => {
  let stopped: Promise<void> | undefined;
  return (exitCode: number): Promise<void> =>
    (stopped ??= (async () => {
      stopping.abort();
      const late = pause(LONGEST_STOP_MS, 'late', { ref: false });
      const outcome = await Promise.race([closeAll(closers, log), late]);
      if (outcome === 'late') log.error('stopped before everything was finished');
      process.exit(outcome === 'late' ? 1 : exitCode);
    })());
};

const stopWhenTold = (stop: (exitCode: number) => Promise<void>, fault: (err: unknown) => void) => {
  const end = () => void stop(0);
  process.on('SIGTERM', end).on('SIGINT', end).on('SIGHUP', end);
  process.on('uncaughtException', fault).on('unhandledRejection', fault);
  // A parent that is gone without a word would leave us running for ever.
  process.on('disconnect', end);
  return { parentIsGone: 'connected' in process && !process.connected };
};

const refuseConfig = (name: string, { message }: BadConfig): never => {
  process.stderr.write(`${name}: ${message}\n`);
  process.exit(EXIT_BAD_CONFIG);
};

const logOf = (name: string): Log => {
  try {
    return logger(
      name,
      settingsFrom({ LOG_LEVEL: commonSettings.LOG_LEVEL }, process.env).LOG_LEVEL,
    );
  } catch (error) {
    if (error instanceof BadConfig) return refuseConfig(name, error);
    throw error;
  }
};

/**
 * Runs a process from start to stop: SIGTERM, SIGINT and SIGHUP end it in order, a fault nobody
 * caught ends it with 1, a wrong setting is one line on standard error and exit code 78. What a
 * start that fails had already opened is closed again.
 */
export const runProcess = async (
  name: string,
  start: (process: Process) => Promise<void>,
): Promise<void> => {
  const log = logOf(name);
  const closers: Closer[] = [];
  const stopping = new AbortController();
  const stop = stopper(closers, stopping, log);
  const ended = (message: string) => (err: unknown) => {
    if (err instanceof BadConfig) process.stderr.write(`${name}: ${err.message}\n`);
    else log.fatal({ err }, message);
    void stop(err instanceof BadConfig ? EXIT_BAD_CONFIG : 1);
  };

  const { parentIsGone } = stopWhenTold(stop, ended('a fault nobody caught'));
  if (parentIsGone) return stop(0);

  const onStop = (what: string, close: () => unknown) => closers.push([what, close]);
  try {
    await start({ log, onStop, stopping: stopping.signal, fail: ended('cannot go on') });
    // Whoever started us need not guess when we are. One that is gone by now is not told, and
    // that is no fault of ours: its going ends us in order.
    process.send?.(READY, () => undefined);
  } catch (error) {
    // Whoever is told to stop while it starts has not failed.
    if (!stopping.signal.aborted) ended('could not start')(error);
  }
};
