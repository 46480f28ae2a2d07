import { setTimeout as pause } from 'node:timers/promises';
import { BadConfig, commonSettings, EXIT_BAD_CONFIG, settingsFrom } from './config.ts';
import { logger, type Log } from './log.ts';

/** A process that was told to stop is gone by then, whatever still hangs. */
const LONGEST_STOP_MS = 9_000;

export type Process = {
  readonly log: Log;
  /** Runs when the process stops: what was started last is stopped first. */
  readonly onStop: (what: string, stop: () => unknown) => void;
  /** Aborted as soon as the process is told to stop. */
  readonly stopping: AbortSignal;
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

/**
 * Runs a process from start to stop: SIGTERM and SIGINT end it in order, a fault nobody caught
 * ends it with 1, a wrong setting is one line on standard error and exit code 78.
 */
export const runProcess = async (
  name: string,
  start: (process: Process) => Promise<void>,
): Promise<void> => {
  const closers: Closer[] = [];
  const stopping = new AbortController();

  try {
    const { LOG_LEVEL } = settingsFrom({ LOG_LEVEL: commonSettings.LOG_LEVEL }, process.env);
    const log = logger(name, LOG_LEVEL);
    const stop = stopper(closers, stopping, log);
    process.on('SIGTERM', () => void stop(0)).on('SIGINT', () => void stop(0));
    // A parent that is gone without a word would leave us running for ever.
    process.on('disconnect', () => void stop(0));
    const fault = (err: unknown) => {
      log.fatal({ err }, 'a fault nobody caught');
      void stop(1);
    };
    process.on('uncaughtException', fault).on('unhandledRejection', fault);
    const onStop = (what: string, close: () => unknown) => closers.push([what, close]);
    await start({ log, onStop, stopping: stopping.signal });
  } catch (error) {
    if (!(error instanceof BadConfig)) {
      logger(name, 'fatal').fatal({ err: error }, 'could not start');
      process.exit(1);
    }
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exit(EXIT_BAD_CONFIG);
  }
};
