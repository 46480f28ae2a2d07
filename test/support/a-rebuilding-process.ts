import { writeSync } from 'node:fs';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { connect } from '../../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../../adapters/eventstoredb/event-store.ts';
import { database } from '../../adapters/postgres/database.ts';
import { follow } from '../../projections/follow.ts';
import { rebuild } from '../../projections/rebuild.ts';
import { viewFollower } from '../../projections/view-follower.ts';
import { thingView } from './a-thing-view.ts';
import { silent } from './silent.ts';

// A process of its own, to be killed: it rebuilds the view of things until it comes to where it
// is to be killed, says so, and stands still; or it keeps the view, and says when it has begun.

/** Further than one harvest: its transaction is under way. */
const WHILE_WRITING = 21_000;

const [eventStoreUrl = '', databaseUrl = '', place = ''] = process.argv.slice(2);
const eventStore = eventStoreDb(connect(eventStoreUrl), inMemoryKeys());
const db = database(databaseUrl, { name: 'killed', connections: 4 });
const following = { eventStore, db, log: silent };

const sayAndStandStill = (): void => {
  writeSync(1, `${place}\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

let folded = 0;
const stopping: typeof thingView = {
  ...thingView,
  evolve: (row, event, key) => {
    folded += 1;
    if (place === 'writing' && folded === WHILE_WRITING) sayAndStandStill();
    return thingView.evolve(row, event, key);
  },
};

if (place === 'keeping') {
  writeSync(1, `${place}\n`);
  await follow(following, viewFollower(thingView), new AbortController().signal);
} else
  await rebuild(following, stopping, {
    onProgress: ({ phase, processed }) => {
      if (phase === place && (phase !== 'replaying' || processed > 0)) sayAndStandStill();
    },
  });
