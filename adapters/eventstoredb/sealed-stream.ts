import { stillSealed } from '#shared/kernel/at-rest.ts';
import type { SealedStream } from '#shared/kernel/fold.ts';
import { decode } from './codec.ts';
import type { Connection } from './connection.ts';
import { isStreamNotFound } from './failures.ts';
import { asking } from './patience.ts';
import { collected } from './streams.ts';

/** The port, on EventStoreDB. @throws {StoreAway | UnknownEvent} */
export const sealedStream =
  (connection: Connection): SealedStream =>
  (stream, contract) =>
    asking(`reading ${stream}`, (signal) =>
      connection.reading(async (client) => {
        try {
          const source = client.readStream(stream);
          const stored = await collected(source, ({ event }) => event && decode(event), signal);
          return stored.map((event) => stillSealed(contract, event));
        } catch (error) {
          if (isStreamNotFound(error)) return [];
          throw error;
        }
      }, signal),
    );
