import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { BadHeader } from '#shared/conciliation/records.ts';
import type { KeptRows } from '#shared/conciliation/ports.ts';
import type { Sent, TakeStatement } from './taking.ts';
import type { Said, Told } from './thread-messages.ts';

const THREAD = new URL('./taking-thread.mjs', import.meta.url);
/** A network gives us little at a time; a message takes as long, however much is in it. */
const PIECE_BYTES = 262_144;
/** So many pieces are with the thread, or what came of them waits to be kept. */
const PIECES_AHEAD = 4;
/** Of a thread; it keeps no more than some people and a few pieces, however long a statement is. */
const LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 128 };
/** So many threads wait for the next statement. Others end with theirs. */
const MOST_IDLE = 1;

const failureOf = ({ message, isBadHeader }: Extract<Said, { failure: unknown }>['failure']) =>
  isBadHeader ? new BadHeader(message) : new Error(message);

const inLargerPieces = async function* (bytes: AsyncIterable<Uint8Array>) {
  let waiting: Uint8Array[] = [];
  let length = 0;
  for await (const some of bytes) {
    waiting.push(some);
    length += some.length;
    if (length < PIECE_BYTES) continue;
    yield Buffer.concat(waiting);
    [waiting, length] = [[], 0];
  }
  yield Buffer.concat(waiting);
};

/** Sends pieces on, as far as those before them were dealt with. */
const feeding = (thread: Worker, bytes: AsyncIterable<Uint8Array>) => {
  const tell = (told: Told, moved: readonly ArrayBuffer[] = []): void => {
    thread.postMessage(told, moved);
  };
  let ahead = 0;
  let isOver = false;
  let go: () => void = () => undefined;

  return {
    feed: async (): Promise<void> => {
      for await (const piece of inLargerPieces(bytes)) {
        while (ahead === PIECES_AHEAD && !isOver) await new Promise<void>((room) => (go = room));
        if (isOver) return;
        ahead += 1;
        const isOwn = piece.length === piece.buffer.byteLength;
        tell({ piece }, isOwn ? [piece.buffer] : []);
      }
      tell({ areAll: true });
    },
    done: () => {
      ahead -= 1;
      go();
    },
    stop: () => {
      isOver = true;
      go();
    },
  };
};

type Answer = { read?: Extract<Said, { read: unknown }>['read'] };

const exchanged = async function* (
  thread: Worker,
  { bytes, hashKey, ...about }: Sent & { readonly hashKey: Buffer },
  answer: Answer,
): AsyncGenerator<KeptRows> {
  const broken = new AbortController();
  const { feed, done, stop } = feeding(thread, bytes);
  const says = on(thread, 'message', { signal: broken.signal, close: ['exit'] });
  thread.postMessage({ begin: { ...about, hashKey } } satisfies Told);
  feed().catch((error: unknown) => {
    broken.abort(error);
  });
  try {
    for await (const [said] of says as AsyncIterable<[Said]>) {
      if ('rows' in said) yield said.rows;
      else if ('isDone' in said) done();
      else if ('failure' in said) throw failureOf(said.failure);
      else {
        answer.read = said.read;
        return;
      }
    }
    throw new Error('The thread that read a statement has ended');
  } catch (error) {
    throw broken.signal.aborted ? broken.signal.reason : error;
  } finally {
    stop();
  }
};

/**
 * In a thread of its own: to understand a statement takes seconds, in which this one could answer
 * nobody else. A thread that is through with one is there for the next.
 */
export const takingBeside = (hashKey: Buffer): TakeStatement => {
  let idle: readonly Worker[] = [];
  const begun = (): Worker => {
    const thread = new Worker(THREAD, { resourceLimits: LIMITS });
    // Nobody waits for it when the process ends, and nobody is there to hear why it did.
    thread.unref();
    thread.on('error', () => undefined);
    thread.once('exit', () => {
      idle = idle.filter((other) => other !== thread);
    });
    return thread;
  };

  return (sent) => {
    const answer: Answer = {};
    const rows = async function* () {
      const thread = idle.at(-1) ?? begun();
      idle = idle.slice(0, -1);
      let isSound = false;
      try {
        yield* exchanged(thread, { ...sent, hashKey }, answer);
        isSound = true;
      } finally {
        if (isSound && idle.length < MOST_IDLE) idle = [...idle, thread];
        else await thread.terminate();
      }
    };
    const read = () => {
      if (!answer.read) throw new Error('The statement was not read to its end');
      return answer.read;
    };
    return { rows: rows(), read };
  };
};
