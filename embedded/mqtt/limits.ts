import type { Aedes, Client } from 'aedes';
import type { Log } from '#shared/platform/log.ts';

/** What may be kept for those who are away. */
export type Limits = {
  /** Sessions that outlive their connections. */
  readonly sessions: number;
  /** For each of them. */
  readonly messages: number;
  /** For all of them together. */
  readonly bytes: number;
  /** Of retained messages, all together. */
  readonly retainedBytes: number;
};

const MEBIBYTE = 1_024 * 1_024;
export const LIMITS: Limits = {
  sessions: 2_000,
  messages: 10_000,
  bytes: 128 * MEBIBYTE,
  retainedBytes: 64 * MEBIBYTE,
};
/** What a message takes beside its topic and what it says; rather more than less. */
const ENVELOPE_BYTES = 256;

type Message = { readonly topic: string; readonly payload: Uint8Array };
type Whose = { readonly clientId: string };
/** What the broker keeps in memory, as far as it grows with what clients send. */
type Kept = {
  outgoingEnqueue: (whose: Whose, message: Message) => Promise<void>;
  outgoingEnqueueCombi: (all: readonly Whose[], message: Message) => Promise<void>;
  outgoingClearMessageId: (
    client: { readonly id: string },
    message: object,
  ) => Promise<object | undefined>;
  storeRetained: (message: Message) => Promise<void>;
};

const sizeOf = ({ topic, payload }: Message): number =>
  ENVELOPE_BYTES + Buffer.byteLength(topic) + payload.length;

/**
 * Of what comes for a session that is full, the newest is left out, as other brokers do: whoever
 * must not lose anything asks again. Told once each time that one becomes full.
 */
const limitQueues = (kept: Kept, limits: Limits, log: Log): void => {
  /** Sizes, the oldest first. What is cleared need not have its own any more: half-way of QoS 2. */
  const waiting = new Map<string, number[]>();
  const full = new Set<string>();
  let bytes = 0;
  const enqueue = kept.outgoingEnqueueCombi.bind(kept);
  const clear = kept.outgoingClearMessageId.bind(kept);

  const takes = (id: string, size: number): boolean => {
    const sizes = waiting.get(id) ?? [];
    if (sizes.length >= limits.messages || bytes + size > limits.bytes) {
      const messages = sizes.length;
      if (!full.has(id)) log.warn({ client: id, messages, bytes }, 'keeps no more for a client');
      full.add(id);
      return false;
    }
    sizes.push(size);
    waiting.set(id, sizes);
    bytes += size;
    return true;
  };
  kept.outgoingEnqueueCombi = (all, message) => {
    const size = sizeOf(message);
    return enqueue(
      all.filter(({ clientId }) => takes(clientId, size)),
      message,
    );
  };
  kept.outgoingEnqueue = (whose, message) => kept.outgoingEnqueueCombi([whose], message);
  kept.outgoingClearMessageId = async (client, message) => {
    const cleared = await clear(client, message);
    if (!cleared) return cleared;
    const sizes = waiting.get(client.id) ?? [];
    bytes -= sizes.shift() ?? 0;
    if (sizes.length === 0) waiting.delete(client.id);
    full.delete(client.id);
    return cleared;
  };
};

/**
 * A message for a topic takes the place of the one before it; an empty one makes room. Told once
 * each time that there is none.
 */
const limitRetained = (kept: Kept, { retainedBytes }: Limits, log: Log): void => {
  const sizes = new Map<string, number>();
  let all = 0;
  let isFull = false;
  const store = kept.storeRetained.bind(kept);
  kept.storeRetained = async (message) => {
    const { topic, payload } = message;
    const size = payload.length === 0 ? 0 : sizeOf(message);
    const after = all - (sizes.get(topic) ?? 0) + size;
    if (size > 0 && after > retainedBytes) {
      if (!isFull) log.warn({ topic, bytes: all }, 'retains no more');
      isFull = true;
      return;
    }
    isFull &&= after >= all;
    all = after;
    if (size === 0) sizes.delete(topic);
    else sizes.set(topic, size);
    await store(message);
  };
};

/** Has the broker keep no more than that for those who may never come back. */
export const limitKept = (aedes: Aedes, limits: Limits, log: Log): void => {
  const { persistence } = aedes as unknown as { readonly persistence: Kept };
  limitQueues(persistence, limits, log);
  limitRetained(persistence, limits, log);
};

/** Whether somebody may connect: with a session that lasts, only so many. */
export const sessionsWithin = ({ sessions }: Limits) => {
  const lasting = new Set<string>();
  return ({ id, clean }: Pick<Client, 'id' | 'clean'>): boolean => {
    if (clean) lasting.delete(id);
    else if (!lasting.has(id) && lasting.size >= sessions) return false;
    else lasting.add(id);
    return true;
  };
};
