import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import { activation } from '#shared/activation/decider.ts';
import { activationEvents } from '#shared/activation/events.ts';
import { submit } from '#shared/activation/examples.ts';
import type { ActivationId } from '#shared/ids.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { positionOf } from '#shared/platform/checkpoint.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { connect } from '../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../adapters/eventstoredb/event-store.ts';
import { activations } from '../projections/activation/activations-view.ts';
import { figuresOf, show } from './figures.ts';

const LOOK_MS = 2;
/** Neither the first commands nor the first rows of a process are what it costs. */
const WARM_UP_SECONDS = 1;

type Answered = { readonly position: bigint; readonly at: number };

/** Asks where the view is, over and over, and notes when each of those answered was in it. */
const watching = (db: Knex) => {
  const waiting: Answered[] = [];
  const lags: number[] = [];
  let over = false;
  const watch = async () => {
    while (!over || waiting.length > 0) {
      const reached = await positionOf(db, activations.name);
      const now = performance.now();
      for (let next = waiting[0]; next && next.position <= reached; next = waiting[0]) {
        lags.push(now - next.at);
        waiting.shift();
      }
      await pause(LOOK_MS);
    }
    return lags;
  };
  const watched = watch();
  return {
    answered: (one: Answered) => {
      waiting.push(one);
      waiting.sort((a, b) => (a.position < b.position ? -1 : 1));
    },
    end: () => {
      over = true;
      return watched;
    },
  };
};

/** From a command's answer to its row, at so many commands a second: load, decide, append. */
export const lagAt = async (
  url: string,
  db: Knex,
  rate: number,
  seconds: number,
): Promise<void> => {
  const connection = connect(url);
  const eventStore = eventStoreDb(connection, inMemoryKeys());
  const handle = commandHandler(eventStore, 'activation', activationEvents, activation);
  const command = async (nth: number) => {
    const activationId = derivedId('lag', String(rate), String(nth)) as ActivationId;
    const asked = { meta: { ...meta, commandId: activationId, at: systemClock() }, keyed: true };
    const done = await handle(activationId, submit({ activationId }), asked);
    if (done.outcome === 'refused') throw new Error(done.reason);
    return { position: done.position ?? 0n, at: performance.now() };
  };

  const view = watching(db);
  const pending: Promise<void>[] = [];
  const started = performance.now();
  for (let nth = 0; nth < (WARM_UP_SECONDS + seconds) * rate; nth += 1) {
    const early = started + (nth * 1_000) / rate - performance.now();
    if (early > 0) await pause(early);
    const counts = nth >= WARM_UP_SECONDS * rate;
    const noted = (one: Answered) => {
      if (counts) view.answered(one);
    };
    pending.push(command(nth).then(noted));
  }
  await Promise.all(pending);
  show(`lag at ${rate} commands/s`, figuresOf(await view.end(), seconds));
  await connection.dispose();
};
