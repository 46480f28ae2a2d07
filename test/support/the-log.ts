import { EventStoreDBClient, NotLeaderError, START, UnavailableError } from '@eventstore/db-client';

/** An event as anybody finds it who reads the log without us. */
export type RawEvent = {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
};

const MOST_ATTEMPTS = 10;

const readFrom = async (client: EventStoreDBClient): Promise<RawEvent[]> => {
  const events: RawEvent[] = [];
  for await (const { event } of client.readAll({ fromPosition: START }))
    if (event && !event.type.startsWith('$') && event.isJson)
      events.push({
        id: event.id,
        stream: event.streamId,
        type: event.type,
        data: event.data as RawEvent['data'],
        metadata: event.metadata as RawEvent['metadata'],
      });
  return events;
};

/** All of the log but the server's own events; of a server that refuses calls at times, too. */
export const theLog = async (url: string): Promise<RawEvent[]> => {
  const client = EventStoreDBClient.connectionString(url);
  try {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await readFrom(client);
      } catch (error) {
        const isTrouble = error instanceof UnavailableError || error instanceof NotLeaderError;
        if (!isTrouble || attempt === MOST_ATTEMPTS) throw error;
      }
  } finally {
    await client.dispose();
  }
};
