import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { eventStoreNode, type EventStoreNode } from '../node.ts';
import { GIVEN_URL } from './config.ts';

const LONGEST_START_MS = 60_000;

/** For the specs of a file: a client of the server that is given, or of a node of our own. */
export const aClient = (): (() => EventStoreDBClient) => {
  let directory = '';
  let node: EventStoreNode | undefined;
  let client: EventStoreDBClient | undefined;

  before(async function () {
    this.timeout(LONGEST_START_MS);
    directory = await mkdtemp(join(tmpdir(), 'lastro-eventstore-'));
    if (!GIVEN_URL) node = await eventStoreNode({ directory, port: 0 });
    const url = node ? `esdb://127.0.0.1:${node.port}?tls=false` : GIVEN_URL;
    client = EventStoreDBClient.connectionString(url);
  });
  after(async () => {
    await client?.dispose();
    await node?.close();
    await rm(directory, { recursive: true, force: true });
  });

  return () => {
    if (client) return client;
    throw new Error('There is a client in hooks and specs only, not while they are declared');
  };
};
