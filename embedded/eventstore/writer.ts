import { setImmediate as nextTurn } from 'node:timers/promises';
import { decide, refused, type Outcome, type Write } from './decision.ts';
import { draftOn } from './draft.ts';
import { gathering } from './gathering.ts';
import type { Log } from './log.ts';
import { patienceAfter, worthWaitingFor, type Pace } from './pace.ts';

/** Milliseconds since 1970. */
export type Now = () => number;

/** Answers a write when it is on disk, or when nobody waits any more. Never rejects. */
export type Writer = {
  readonly write: (write: Write) => Promise<Outcome>;
  /** Resolves when everything that was asked for has been answered. */
  readonly idle: () => Promise<void>;
};

/** As many appends as share one transaction and one sync at most. */
const LARGEST_GROUP = 1_000;
const LARGEST_GROUP_BYTES = 16 * 1024 * 1024;

/** A disk that has not answered for so long will not, and LMDB waits for it for ever. */
const LONGEST_COMMIT_MS = 30_000;

/** A commit neither succeeds nor fails: whether its appends are on disk, a restart will tell. */
export class CommitStuck extends Error {
  override readonly name = 'CommitStuck';
  constructor(afterMs: number) {
    super(`The disk has not answered a commit for ${afterMs} ms`);
  }
}

export type WriterOptions = {
  readonly now: Now;
  /** Told of every commit that failed, and of one that is stuck. */
  readonly onFailure: (error: unknown) => void;
  readonly longestCommitMs?: number;
};

/** How often it is looked whether somebody waits in vain. */
const EXPIRY_CHECK_MS = 100;

type Waiting = { readonly write: Write; readonly answer: (outcome: Outcome) => void };

/** Decides a group of writes and commits them together; what fails, fails for all of them. */
const transact = async (
  log: Log,
  { now, onFailure, longestCommitMs = LONGEST_COMMIT_MS }: WriterOptions,
  group: readonly Waiting[],
): Promise<readonly Outcome[]> => {
  const stuck = setTimeout(() => {
    onFailure(new CommitStuck(longestCommitMs));
  }, longestCommitMs);
  try {
    const at = now();
    const draft = draftOn(log, at);
    const outcomes = group.map(({ write }) => decide(draft, write, at));
    const changes = draft.changes();
    if (changes.records.length > 0) await log.commit(changes);
    return outcomes;
  } catch (error) {
    onFailure(error);
    const why = error instanceof Error ? error.message : String(error);
    const detail = `The event log cannot be written, and nothing was recorded: ${why}`;
    return group.map(() => refused({ reason: 'not-writable', detail }));
  } finally {
    clearTimeout(stuck);
  }
};

/**
 * The one that writes to the log. While a transaction is on its way to the disk, appends gather;
 * the next transaction takes them all. None is decided on anything that is not on disk or in its
 * own transaction, so that a transaction that fails takes nothing with it but itself.
 */
export const writerTo = (log: Log, options: WriterOptions): Writer => {
  const line = gathering<Waiting>();
  let running: Promise<void> | undefined;
  let last: Omit<Pace, 'turnMs'> = { endedAt: 0, tookMs: 0, atOnce: 0 };
  let turnMs = 0;
  let committing: readonly Waiting[] = [];

  const nextGroup = async (): Promise<Waiting[]> => {
    const pace = { ...last, turnMs };
    const waitMs = patienceAfter(pace, performance.now());
    if (waitMs > 0) await line.toHave(worthWaitingFor(pace), waitMs);
    let bytes = 0;
    return line.take(({ write }, index) => {
      bytes += write.size;
      return index < LARGEST_GROUP && bytes <= LARGEST_GROUP_BYTES;
    });
  };

  /** Commits what has gathered, and answers it. */
  const commitNext = async () => {
    const group = (committing = await nextGroup());
    const started = performance.now();
    const outcomes = await transact(log, options, group);
    for (const [index, { answer }] of group.entries()) {
      const outcome = outcomes[index];
      if (outcome) answer(outcome);
    }
    const endedAt = performance.now();
    const atOnce = group.length + line.size();
    last = { endedAt, tookMs: endedAt - started, atOnce };
  };
  /** What became of them is not known to who is told so: they may yet be written. */
  const giveUpLate = (): void => {
    const at = options.now();
    for (const { write, answer } of [...committing, ...line.items()])
      if (write.expiresAt <= at) answer(refused({ reason: 'timeout' }));
  };
  const run = async (): Promise<void> => {
    // What arrived together is decided together.
    await nextTurn();
    const impatience = setInterval(giveUpLate, EXPIRY_CHECK_MS);
    while (line.size() > 0) await commitNext();
    clearInterval(impatience);
    running = undefined;
  };

  return {
    write: (write) =>
      new Promise((answer) => {
        turnMs = performance.now() - last.endedAt;
        line.add({ write, answer });
        running ??= run();
      }),
    idle: async () => running,
  };
};
