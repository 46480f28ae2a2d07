import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { constants, setPriority } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  DigestBusy,
  type Digest,
  type DigestLog,
  type SealedStretch,
} from '#shared/audit/ports.ts';
import { StoreAway } from '#shared/kernel/event-store.ts';
import { oneAtATime } from '#shared/platform/one-at-a-time.ts';

/** In one process of ours: one is at it, the others wait. */
const MOST_AT_HAND = 8;

/** A stretch of a hundred million events takes less. */
const LONGEST_DIGEST_MS = 3_600_000;

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
const PROCESS = fileURLToPath(new URL('./digest-process.ts', import.meta.url));

/** What the process is told. */
export type Task = SealedStretch & { readonly url: string };
/** What it says. */
export type Said =
  | { readonly outcome: 'digested'; readonly digest: Digest }
  | { readonly outcome: 'away'; readonly why: string }
  | { readonly outcome: 'failed'; readonly why: string };

/** Whoever decides or answers comes first. */
const giveWay = ({ pid }: ChildProcess): void => {
  if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
};

const started = (): ChildProcess => {
  const child = fork(PROCESS, [], {
    execArgv: ['--import', TSX],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  giveWay(child);
  return child;
};

const resultOf = (said: Said): Digest => {
  switch (said.outcome) {
    case 'digested':
      return said.digest;
    case 'away':
      throw new StoreAway(said.why);
    case 'failed':
      throw new Error(`A stretch of the log could not be hashed: ${said.why}`);
  }
};

const digested = async (task: Task, stopping: AbortSignal): Promise<Digest> => {
  const child = started();
  const done = new AbortController();
  const signal = AbortSignal.any([
    ...[done.signal, stopping, AbortSignal.timeout(LONGEST_DIGEST_MS)],
  ]);
  try {
    const ended = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`The process that hashes the log ended with ${String(code)}, saying nothing`);
    });
    const answer = once(child, 'message', { signal }).then(([said]) => said as Said);
    child.send(task);
    return resultOf(await Promise.race([answer, ended]));
  } finally {
    done.abort();
    child.kill();
  }
};

/**
 * Hashes stretches of the log in a process of its own, which gives way to all others: the hashing
 * of a million events would keep everybody waiting for whom this process is there.
 */
export const digestBeside = (url: string, stopping: AbortSignal): DigestLog => {
  const inTurn = oneAtATime();
  let atHand = 0;
  return async (stretch) => {
    if (atHand >= MOST_AT_HAND) throw new DigestBusy(`${atHand} stretches are being hashed`);
    atHand += 1;
    try {
      return await inTurn('digest', () => digested({ ...stretch, url }, stopping));
    } finally {
      atHand -= 1;
    }
  };
};
