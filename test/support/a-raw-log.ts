import { setImmediate as nextTurn } from 'node:timers/promises';
import { BEGINNING, type EventStore } from '#shared/kernel/event-store.ts';
import { aThing, made, thingEvents } from '#shared/testing/a-thing.ts';
import { meta } from '#shared/testing/recorded.ts';
import { encode } from '../../adapters/eventstoredb/codec.ts';
import type { RawLog } from '../../adapters/eventstoredb/raw-log.ts';
import type { RawEvent, RawPage } from '../../adapters/eventstoredb/raw-page.ts';

const template = encode(made(), 0, aThing, thingEvents, meta);

const rawEvent = (nth: number, commit: bigint) =>
  ({
    ...template,
    isJson: true,
    streamId: aThing,
    revision: BigInt(nth),
    created: new Date(Number(commit)),
    position: { commit, prepare: commit },
  }) as unknown as RawEvent;

/** All there is after a position, as one piece. */
const piecesOf = (pageAfter: (after: bigint) => RawPage): RawLog['pieces'] =>
  async function* (after, pick) {
    await nextTurn();
    const { events, upTo } = pageAfter(after);
    yield { events: events.map(pick).filter((event) => event !== undefined), upTo, isLast: true };
  };

/** A log that grows when told to, and counts who asks what of it. */
export const aRawLog = (largestPage = 3) => {
  const events: RawEvent[] = [];
  const asked = { pages: 0, follows: 0 };
  const wakers = new Set<() => void>();
  const pageAfter = (after: bigint): RawPage => {
    const rest = events.filter(({ position }) => position.commit > after);
    const page = rest.slice(0, largestPage);
    return {
      events: page,
      upTo: page.at(-1)?.position.commit ?? after,
      more: rest.length > page.length,
    };
  };
  const log: RawLog = {
    head: () => {
      const last = events.at(-1);
      return Promise.resolve({ position: last?.position.commit ?? BEGINNING, at: last?.created });
    },
    page: async (after) => {
      asked.pages += 1;
      const page = pageAfter(after);
      await nextTurn();
      return page;
    },
    pieces: piecesOf(pageAfter),
    follow: async function* (after, signal) {
      asked.follows += 1;
      const stop = () => {
        for (const wake of wakers) wake();
      };
      signal.addEventListener('abort', stop);
      for (let position = after; !signal.aborted;) {
        const page = pageAfter(position);
        position = page.upTo;
        if (page.events.length > 0) yield page;
        else await new Promise<void>((resolve) => wakers.add(resolve));
      }
    },
  };
  /** Gaps between positions, as in a real log. */
  const grow = (gap: number) => {
    events.push(rawEvent(events.length, (events.at(-1)?.position.commit ?? -1n) + BigInt(gap)));
    for (const wake of wakers) wake();
    wakers.clear();
  };
  return { log, grow, asked, positions: () => events.map(({ position }) => position.commit) };
};

export const turns = async (count: number) => {
  for (let nth = 0; nth < count; nth++) await nextTurn();
};

/** Follows to the last of `count` events, and takes its time over each page. */
export const consumer = (store: EventStore, after: bigint, slowness: number) => {
  const enough = new AbortController();
  const seen: bigint[] = [];
  const upTos: bigint[] = [];
  const done = (async () => {
    for await (const { events, upTo } of store.pages(thingEvents, after, enough.signal)) {
      seen.push(...events.map(({ position }) => position));
      upTos.push(upTo);
      await turns(slowness);
    }
  })();
  return {
    seen,
    upTos,
    done,
    stop: () => {
      enough.abort();
    },
  };
};
