import {
  ANY,
  binaryEvent,
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  STREAM_EXISTS,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { aClient } from './a-server.ts';
import {
  all,
  anEvent,
  aStream,
  briefly,
  events,
  failure,
  ONE_BY_ONE,
  positionOf,
} from './the-client.ts';

const MIB = 1024 * 1024;

/** The two ways in which the client appends; the server must not tell them apart. */
const WAYS = { 'in a batch': {}, 'over a call of its own': ONE_BY_ONE } as const;

for (const [way, how] of Object.entries(WAYS))
  describe(`An append ${way}`, () => {
    const client = aClient();

    const append = (stream: string, count: number, expectedRevision?: AppendExpectedRevision) =>
      client().appendToStream(stream, events(count), {
        ...how,
        ...(expectedRevision !== undefined && { expectedRevision }),
      });

    it('begins a stream at revision 0 and goes on without a gap', async () => {
      const stream = aStream();
      const first = await append(stream, 2, NO_STREAM);
      const second = await append(stream, 1, 1n);
      expect([first.nextExpectedRevision, second.nextExpectedRevision]).to.deep.equal([1n, 2n]);
      expect(positionOf(second) > positionOf(first), 'positions rise').to.equal(true);
      expect(await briefly(client().readStream(stream))).to.deep.equal([
        '0 Happened',
        '1 Happened',
        '2 Happened',
      ]);
    });

    it('tells the position of its last event', async () => {
      const stream = aStream();
      const done = await append(stream, 3);
      const read = await all(client().readStream(stream));
      expect(read.map(({ event }) => event?.position?.commit).at(-1)).to.equal(positionOf(done));
    });

    for (const [expected, length, because] of [
      [NO_STREAM, 1, 'there is one'],
      [STREAM_EXISTS, 0, 'there is none'],
      [0n, 2, 'it has moved on'],
      [5n, 2, 'it is not there yet'],
      [0n, 0, 'there is no such stream'],
    ] as const)
      it(`at ${expected} is refused when ${because}`, async () => {
        const stream = aStream();
        if (length > 0) await append(stream, length);
        const error = await failure(append(stream, 1, expected));
        if (!(error instanceof WrongExpectedVersionError)) throw error;
        expect(error).to.deep.include({
          streamName: stream,
          expectedVersion: expected,
          actualVersion: length === 0 ? NO_STREAM : BigInt(length - 1),
        });
      });

    for (const expected of [ANY, STREAM_EXISTS, 1n] as const)
      it(`at ${expected} is written where the stream is there`, async () => {
        const stream = aStream();
        await append(stream, 2);
        expect((await append(stream, 1, expected)).nextExpectedRevision).to.equal(2n);
      });

    it('of nothing writes nothing', async () => {
      const stream = aStream();
      expect((await append(stream, 0)).success).to.equal(true);
      expect((await failure(all(client().readStream(stream)))).constructor.name).to.equal(
        'StreamNotFoundError',
      );
    });

    it('may be as large as the limit, and no larger', async () => {
      const stream = aStream();
      const ofSize = (bytes: number) =>
        binaryEvent({ type: 'x', data: new Uint8Array(bytes - 2 * 'x'.length) });
      await client().appendToStream(stream, [ofSize(MIB)], how);
      const error = await failure(client().appendToStream(stream, [ofSize(MIB + 1)], how));
      if (!(error instanceof MaxAppendSizeExceededError)) throw error;
      expect(error.maxAppendSize).to.equal(MIB);
      expect(await briefly(client().readStream(stream))).to.deep.equal(['0 x']);
    });

    it('keeps data, metadata, type and id as they are', async () => {
      const stream = aStream('spéc ✓');
      const json = jsonEvent({
        type: 'Gemacht ✓',
        data: { ä: [1, null] },
        metadata: { by: '✓' },
      });
      const bytes = Uint8Array.from([0, 255, 10]);
      const binary = binaryEvent({ type: 'Bytes', data: bytes, metadata: bytes });
      const before = new Date().getTime();
      await client().appendToStream(stream, [json, binary], how);

      const [first, second] = (await all(client().readStream(stream))).map(({ event }) => event);
      expect(first).to.deep.include({
        streamId: stream,
        id: json.id,
        type: 'Gemacht ✓',
        data: { ä: [1, null] },
        metadata: { by: '✓' },
        isJson: true,
      });
      expect(second).to.deep.include({ id: binary.id, type: 'Bytes', isJson: false });
      expect(
        [second?.data, second?.metadata].map((kept) => Buffer.from(kept as Uint8Array)),
      ).to.deep.equal([Buffer.from(bytes), Buffer.from(bytes)]);
      expect(first?.created.getTime()).to.be.within(before - 60_000, before + 120_000);
    });
  });

describe('Appends that meet', () => {
  const client = aClient();

  it('to one stream at any revision are all written, one after the other', async () => {
    const stream = aStream();
    const done = await Promise.all(
      Array.from({ length: 50 }, () => client().appendToStream(stream, events(2))),
    );
    const ends = done.map(({ nextExpectedRevision }) => Number(nextExpectedRevision));
    expect(ends.sort((a, b) => a - b)).to.deep.equal(ends.map((_, index) => 2 * index + 1));
  });

  it('at one revision are written once', async () => {
    const stream = aStream();
    const done = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        client().appendToStream(stream, [anEvent()], { expectedRevision: NO_STREAM }),
      ),
    );
    expect(done.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(await briefly(client().readStream(stream))).to.deep.equal(['0 Happened']);
  });

  it('in many chunks are still one append each', async () => {
    const [stream, other] = [aStream(), aStream()];
    const chunked = (name: string) =>
      client().appendToStream(name, events(100), {
        expectedRevision: NO_STREAM,
        batchAppendSize: 500,
      });
    const done = await Promise.all([chunked(stream), chunked(other)]);
    expect(done.map(({ nextExpectedRevision }) => nextExpectedRevision)).to.deep.equal([99n, 99n]);
    const numbers = (await all(client().readStream(other))).map(({ event }) => event?.data);
    expect(numbers).to.deep.equal(events(100).map(({ data }) => data));
  });
});
