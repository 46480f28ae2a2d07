import type { CustomerId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { meta } from '#shared/testing/recorded.ts';
import { connect } from '../../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../../adapters/eventstoredb/event-store.ts';
import { database } from '../../adapters/postgres/database.ts';
import { personalKeys } from '../../adapters/postgres/personal-keys.ts';
import { keeping } from '../../command-api/customer/keeping.ts';

// The part of the command API that keeps customers, as a process of its own, for one command. It
// ends itself as a crash would, right before it leaves something behind for the nth time.

export type KeepingProcess = {
  readonly eventStoreUrl: string;
  readonly databaseUrl: string;
  /** Base64, both. */
  readonly masterKey: string;
  readonly hashKey: string;
  readonly graceMs: number;
  /** Which time is the fatal one, from 1. */
  readonly diesAt: number;
  readonly commandId: string;
  readonly does:
    | { readonly register: { readonly name: string; readonly email: string } }
    | { readonly change: { readonly id: string; readonly email: string } }
    | { readonly remove: { readonly id: string } };
};

const given = JSON.parse(process.argv[2] ?? '') as KeepingProcess;
const { diesAt, does, graceMs } = given;

let steps = 0;
const step = <T>(work: () => Promise<T>): Promise<T> => {
  steps += 1;
  if (steps === diesAt) process.kill(process.pid, 'SIGKILL');
  return work();
};

const db = database(given.databaseUrl, { name: 'keeping', connections: 2 });
const connection = connect(given.eventStoreUrl, {});
const keys = personalKeys(db, Buffer.from(given.masterKey, 'base64'));
const store = eventStoreDb(connection, keys);
const append: EventStore['append'] = (...event) => step(() => store.append(...event));

const { register, change, remove } = keeping({
  ...{ eventStore: { ...store, append }, graceMs },
  hash: keyedHash(Buffer.from(given.hashKey, 'base64')),
  destroyKey: (id) => step(() => keys.destroy(id)),
});
const asked = { meta: { ...meta, commandId: given.commandId }, keyed: true };

if ('register' in does) await register(does.register, asked);
else if ('change' in does)
  await change(does.change.id as CustomerId, { email: does.change.email }, asked);
else await remove(does.remove.id as CustomerId, asked);
// After the last thing that it leaves behind, too.
if (steps === diesAt - 1) process.kill(process.pid, 'SIGKILL');
await Promise.all([connection.dispose(), db.destroy()]);
