import { Readable } from 'node:stream';
import type { AppendResult } from '@eventstore/db-client';
import { expect } from 'chai';
import { aThing, made, thingEvents } from '#shared/testing/a-thing.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { appendTo } from './append.ts';
import { encode } from './codec.ts';
import type { Connection } from './connection.ts';

/** A server whose answer to an append is what the spec says, with one event at position 9. */
const answering = (answer: Omit<AppendResult, 'success'>) => {
  const reads: unknown[] = [];
  const stored = {
    ...encode(made(), 0, aThing, thingEvents, meta),
    streamId: aThing,
    revision: 4n,
    position: { commit: 9n, prepare: 9n },
  };
  const client = {
    readStream: (stream: string, options: object) => {
      reads.push({ stream, ...options });
      const events = Readable.from([{ event: stored }]);
      return Object.assign(events, { cancel: () => Promise.resolve() });
    },
  };
  const append = () => Promise.resolve({ success: true, ...answer });
  const appending = (call: (...args: unknown[]) => unknown) => call(client, append);
  return { reads, append: appendTo({ appending } as unknown as Connection, inMemoryKeys()) };
};
const to3 = { expected: 3n, meta } as const;

describe('An append', () => {
  it('is answered with the position that the server told', async () => {
    const position = { commit: 7n, prepare: 7n };
    const { append, reads } = answering({ nextExpectedRevision: 4n, position });
    const at = await append(aThing, thingEvents, [made()], to3);
    expect(at).to.deep.equal({ revision: 4n, position: 7n });
    expect(reads).to.deep.equal([]);
  });

  it('is looked up when the server took it for a repeat and did not tell', async () => {
    const unknown = { commit: 2n ** 64n - 1n, prepare: 2n ** 64n - 1n };
    for (const position of [{}, { position: unknown }]) {
      const { append, reads } = answering({ nextExpectedRevision: 4n, ...position });
      const at = await append(aThing, thingEvents, [made()], to3);
      expect(at).to.deep.equal({ revision: 4n, position: 9n });
      expect(reads).to.deep.equal([{ stream: aThing, fromRevision: 4n, maxCount: 1 }]);
    }
  });
});
