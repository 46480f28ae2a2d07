import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { eventStoreNode, type EventStoreNode, type NodeOptions } from '../node.ts';

/** Nodes on a directory that each spec has anew; what is still there after it is closed and removed. */
export const someNodes = () => {
  let directory: string;
  const nodes = new Set<EventStoreNode>();
  const clients = new Set<EventStoreDBClient>();

  const connect = (url: string) => {
    const client = EventStoreDBClient.connectionString(url);
    clients.add(client);
    return client;
  };
  const stop = async (node: EventStoreNode) => {
    nodes.delete(node);
    await node.close();
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-eventstore-'));
  });
  afterEach(async () => {
    for (const client of clients) await client.dispose();
    clients.clear();
    for (const node of nodes) await stop(node);
    await rm(directory, { recursive: true, force: true });
  });

  return {
    ...{ connect, stop },
    directory: () => directory,
    /** On a free port. */
    start: async (options: Partial<NodeOptions> = {}) => {
      const node = await eventStoreNode({ directory, port: 0, ...options });
      nodes.add(node);
      return { node, client: connect(`esdb://127.0.0.1:${node.port}?tls=false`) };
    },
  };
};
