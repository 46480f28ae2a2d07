import { EventStoreDBClient, START } from '@eventstore/db-client';

/** An event as anybody finds it who reads the log without us. */
export type RawEvent = {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
};

/** All of the log but the server's own events. */
export const theLog = async (url: string): Promise<RawEvent[]> => {
  const client = EventStoreDBClient.connectionString(url);
  const events: RawEvent[] = [];
  try {
    for await (const { event } of client.readAll({ fromPosition: START }))
      if (event && !event.type.startsWith('$') && event.isJson)
        events.push({
          id: event.id,
          stream: event.streamId,
          type: event.type,
          data: event.data as RawEvent['data'],
          metadata: event.metadata as RawEvent['metadata'],
        });
  } finally {
    await client.dispose();
  }
  return events;
};
