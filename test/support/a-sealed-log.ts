import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { digestOf } from '#shared/audit/digest.ts';
import { sealing } from '#shared/audit/sealing.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { given, thingEvents } from '#shared/testing/a-thing.ts';
import { meta } from '#shared/testing/recorded.ts';
import { connect } from '../../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../../adapters/eventstoredb/event-store.ts';
import { storedLog } from '../../adapters/eventstoredb/stored-log.ts';
import { audit } from '../../cli/audit.ts';
import { lastro } from './lastro.ts';
import { history } from './some-history.ts';

/** What `lastro audit verify --json` says. */
export type Facts = {
  readonly holds: boolean;
  readonly seals: readonly { readonly holds: boolean; readonly flaws: readonly string[] }[];
  readonly flaws: readonly string[];
  readonly sealed: number;
  readonly unsealed: number;
};

/** Three seals over nine events, the seals among them, and two events since. */
export const sealedLog = async (url: string, keys: PersonalKeys): Promise<void> => {
  const connection = connect(url);
  const eventStore = eventStoreDb(connection, keys);
  const log = storedLog(connection);
  const seal = sealing({ eventStore, digest: (stretch) => digestOf(log, stretch) });
  const sealNow = () => seal({ meta: { ...meta, commandId: randomUUID() } });
  const { make, break: breaks } = history(eventStore);
  for (const stream of ['thing-1', 'thing-2', 'thing-3']) await make(stream);
  await sealNow();
  for (const stream of ['thing-1', 'thing-2']) await breaks(stream);
  const first = { expected: 'no-stream', meta } as const;
  await eventStore.append('thing-4', thingEvents, [given()], first);
  await sealNow();
  await make('thing-5');
  await sealNow();
  await make('thing-6');
  await connection.dispose();
};

export const audited = (url: string, ...args: readonly string[]) =>
  lastro(audit, { EVENTSTORE_URL: url }, 'audit', ...args);

export const verified = async (url: string, ...args: readonly string[]): Promise<Facts> => {
  const { code, out, said } = await audited(url, 'verify', '--json', ...args);
  expect(said).to.equal('');
  const found = JSON.parse(out) as Facts;
  expect(code).to.equal(found.holds ? 0 : 3);
  return found;
};

export const held = ({ seals }: Facts) => seals.map(({ holds }) => holds);
