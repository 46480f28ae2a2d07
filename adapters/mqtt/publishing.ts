import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { EventStore, Recorded } from '#shared/kernel/event-store.ts';
import type { Clock, Instant, Named } from '#shared/kernel/message.ts';
import type { Log } from '#shared/platform/log.ts';
import { persistently } from '#shared/platform/persistently.ts';
import { regularly } from '#shared/platform/regularly.ts';
import { swapEvents, type SwapEvent } from '#shared/swap/events.ts';
import type { Message, Version } from './connection.ts';
import { decidingOnSwaps } from './deciding.ts';
import { inFlight } from './in-flight.ts';
import { JSON_CONTENT_TYPE, jsonRequest } from './json-form.ts';
import { textRequest } from './text-form.ts';
import type { TopicMap } from './topics.ts';

/** Requests that the broker has not acknowledged yet, or that are not on record yet. */
export const MOST_IN_FLIGHT = 64;
const KEEP_EVERY_MS = 250;

/** How far the log has been published; kept outside of this process. */
export type Checkpoint = {
  readonly read: () => Promise<bigint>;
  /** @throws when it is not at `from` any more: another process goes on from here. */
  readonly move: (from: bigint, to: bigint) => Promise<void>;
};

export type Publishing = {
  readonly eventStore: EventStore;
  readonly checkpoint: Checkpoint;
  /** Resolves when the broker has it. */
  readonly publish: (message: Message, signal: AbortSignal) => Promise<void>;
  readonly topics: TopicMap;
  readonly version: Version;
  readonly gateway: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
};

type Started = Recorded<Named<SwapEvent, 'SwapStarted'>>;

export const messageFor = (
  { data }: Pick<Started, 'data'>,
  topics: TopicMap,
  version: Version,
): Message => {
  if (data.protocol === 'text') return { topic: topics.request, payload: textRequest(data.number) };
  const { request: topic, reply: responseTopic } = topics.ofStation(data.stationId);
  const correlationData = Buffer.from(data.swapId);
  return {
    ...{ topic, payload: jsonRequest(data) },
    ...(version === 5 && {
      properties: { responseTopic, correlationData, contentType: JSON_CONTENT_TYPE },
    }),
  };
};

const after = (at: Instant, ms: number): Instant =>
  new Date(Date.parse(at) + ms).toISOString() as Instant;

/** Publishes one and puts it on record. The record is tried again without publishing again. */
const publishingOne = (
  { eventStore, publish, topics, version, gateway, timeoutMs, clock, log }: Publishing,
  signal: AbortSignal,
) => {
  const { decide, stateOf } = decidingOnSwaps(eventStore);
  const surely = <T>(what: string, work: () => Promise<T>) =>
    persistently(what, work, { log, signal });

  return async (event: Started, perhapsPublished: boolean): Promise<void> => {
    const { swapId } = event.data;
    if (perhapsPublished) {
      const state = await surely('looking what is published', () => stateOf(swapId));
      if (state?.status !== 'PENDING' || state.publications.length > 0) return;
    }
    await publish(messageFor(event, topics, version), signal);
    const publicationId = randomUUID();
    const at = clock();
    const answerBy = after(at, timeoutMs);
    const data = { swapId, publicationId, gateway, answerBy, at };
    const about = { commandId: publicationId, actor: { id: gateway, role: 'system' }, at };
    await surely('recording a publication', () =>
      decide(swapId, { type: 'RecordPublication', data }, about),
    );
    signal.throwIfAborted();
  };
};

/**
 * Publishes what was started, from where the checkpoint stands, on and on. What was started before
 * now may have been published by a process that was killed: that is looked up, and the rest is not.
 * @throws what made going on impossible; nothing is skipped.
 */
export const publishFromLog = async (
  publishing: Publishing,
  signal: AbortSignal,
): Promise<void> => {
  const { eventStore, checkpoint, log } = publishing;
  let kept = await checkpoint.read();
  const lookUpTo = await eventStore.end();
  const stopping = new AbortController();
  const until = AbortSignal.any([signal, stopping.signal]);
  // Everything in flight listens to it, and that is bounded.
  setMaxListeners(0, until);
  let failure: unknown;
  const flight = inFlight(MOST_IN_FLIGHT, kept);
  const publishOne = publishingOne(publishing, until);
  const fail = (error: unknown) => {
    failure ??= error;
    stopping.abort();
  };

  const keep = async () => {
    const to = flight.doneUpTo();
    if (to === kept) return;
    await checkpoint.move(kept, to).catch(fail);
    kept = to;
  };
  const keeping = regularly('keeping how far is published', KEEP_EVERY_MS, keep, {
    ...{ log, signal: until },
  });

  try {
    for await (const { events, upTo } of eventStore.pages(swapEvents, kept, until)) {
      for (const event of events)
        if (event.type === 'SwapStarted')
          await flight.add(
            event.position,
            () => publishOne(event, event.position <= lookUpTo),
            fail,
          );
      flight.pass(upTo);
    }
  } finally {
    stopping.abort();
    await flight.allDone();
    await keeping;
    await keep();
  }
  if (!signal.aborted && failure !== undefined)
    throw new Error('Publishing to equipment was cut off', { cause: failure });
};
