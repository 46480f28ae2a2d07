import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Connection } from '../../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../../adapters/eventstoredb/event-store.ts';
import { eventStoreNode, type EventStoreNode } from '../../embedded/eventstore/node.ts';
import { switchesFrom } from '../../embedded/eventstore/switches.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';

const LONGEST_START_MS = 60_000;

/** Unset, a node is as kind as it can be: `make chaos` runs specs under each of the others. */
const USUAL_SWITCHES = (process.env['EMBEDDED_EVENTSTORE_SWITCHES'] ?? '')
  .split(' ')
  .filter(Boolean);

const urlOf = (port: number) => `esdb://127.0.0.1:${port}?tls=false`;

export type AnEventStoreNode = {
  readonly url: string;
  readonly connection: Connection;
  readonly close: () => Promise<void>;
};

export type AnEmbeddedNode = {
  readonly port: number;
  readonly url: string;
  /** It is away until it is started again, on the same port and with the same log. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * A node of ours that can be stopped and started, with a log that goes when it is closed. It is as
 * harsh as its switches say, or those that all specs are run with.
 */
export const anEmbeddedNode = async (
  switches: readonly string[] = USUAL_SWITCHES,
): Promise<AnEmbeddedNode> => {
  const options = switchesFrom(switches);
  const directory = await mkdtemp(join(tmpdir(), 'lastro-eventstore-'));
  let node: EventStoreNode | undefined = await eventStoreNode({ ...options, directory, port: 0 });
  const { port } = node;
  const stop = async () => {
    await node?.close();
    node = undefined;
  };
  return {
    port,
    url: urlOf(port),
    stop,
    start: async () => {
      node ??= await eventStoreNode({ ...options, directory, port });
    },
    close: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
};

/** A real server where `EVENTSTORE_URL` names one, an embedded node otherwise; and a connection. */
export const anEventStoreNode = async (): Promise<AnEventStoreNode> => {
  const given = process.env['EVENTSTORE_URL'];
  const node = given ? undefined : await anEmbeddedNode();
  const url = node?.url ?? given ?? '';
  const connection = connect(url);
  return {
    url,
    connection,
    close: async () => {
      await connection.dispose();
      await node?.close();
    },
  };
};

/** For the specs around it: an event store on a node that starts before and ends after them. */
export const anEventStore = (keys: PersonalKeys = inMemoryKeys()) => {
  let node: AnEventStoreNode | undefined;

  before(async function () {
    this.timeout(LONGEST_START_MS);
    node = await anEventStoreNode();
  });
  after(async function () {
    this.timeout(LONGEST_START_MS);
    await node?.close();
  });

  const started = () => {
    if (node) return node;
    throw new Error('There is a node in hooks and specs only, not while they are declared');
  };
  return {
    url: () => started().url,
    connection: () => started().connection,
    store: (own = keys): EventStore => eventStoreDb(started().connection, own),
  };
};
