import {
  BACKWARDS,
  END,
  FORWARDS,
  NO_STREAM,
  START,
  StreamNotFoundError,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { aClient } from './a-server.ts';
import { all, anEvent, aStream, briefly, events, failure, positionOf } from './the-client.ts';

describe('A read of a stream', () => {
  const client = aClient();

  let stream: string;
  before(async () => {
    stream = aStream();
    await client().appendToStream(stream, events(5));
  });

  const LAST = 4;
  for (const [direction, from, expected] of [
    [FORWARDS, START, [0, 1, 2, 3, 4]],
    [FORWARDS, 2n, [2, 3, 4]],
    [FORWARDS, 5n, []],
    [FORWARDS, END, []],
    [BACKWARDS, END, [4, 3, 2, 1, 0]],
    [BACKWARDS, 2n, [2, 1, 0]],
    [BACKWARDS, 100n, [4, 3, 2, 1, 0]],
    [BACKWARDS, START, [0]],
  ] as const)
    it(`${direction} from ${from} of ${LAST} gives [${expected.join(' ')}]`, async () => {
      const read = await briefly(client().readStream(stream, { direction, fromRevision: from }));
      expect(read).to.deep.equal(expected.map((revision) => `${revision} Happened`));
    });

  it('ends after as many as were asked for', async () => {
    const read = await briefly(
      client().readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 2 }),
    );
    expect(read).to.deep.equal(['4 Happened', '3 Happened']);
  });

  it('says so when there is no such stream', async () => {
    const missing = aStream();
    const error = await failure(all(client().readStream(missing)));
    expect(error).to.be.instanceOf(StreamNotFoundError);
  });

  it('gives all of a long one, both ways', async () => {
    const long = aStream();
    const count = 1_500;
    await client().appendToStream(long, events(count));
    const revisions = async (direction: typeof FORWARDS | typeof BACKWARDS) =>
      (
        await all(
          client().readStream(long, {
            direction,
            fromRevision: direction === FORWARDS ? START : END,
          }),
        )
      ).map(({ event }) => Number(event?.revision));
    const expected = Array.from({ length: count }, (_, revision) => revision);
    expect(await revisions(FORWARDS)).to.deep.equal(expected);
    expect(await revisions(BACKWARDS)).to.deep.equal(expected.toReversed());
  });
});

describe('A read of everything', () => {
  const client = aClient();

  /** Three appends, one after the other, among whatever else there is. */
  const three = async () => {
    const [a, b] = [aStream(), aStream()];
    const done = [
      await client().appendToStream(a, [anEvent('A')], { expectedRevision: NO_STREAM }),
      await client().appendToStream(b, [anEvent('B')], { expectedRevision: NO_STREAM }),
      await client().appendToStream(a, [anEvent('C')], { expectedRevision: 0n }),
    ];
    return { streams: [a, b], positions: done.map(positionOf) };
  };
  const at = (commit: bigint) => ({ commit, prepare: commit });

  it('is in the order of commits, and includes what it begins at', async () => {
    const { streams, positions } = await three();
    const read = await all(client().readAll({ fromPosition: at(positions[0] ?? 0n) }));
    const ours = read.filter(({ event }) => streams.includes(event?.streamId ?? ''));
    expect(ours.map(({ event }) => event?.type)).to.deep.equal(['A', 'B', 'C']);
    expect(ours.map(({ event }) => event?.position.commit)).to.deep.equal(positions);
    expect(ours[0]?.event?.position.prepare).to.equal(positions[0]);
  });

  it('backwards does not include what it begins at', async () => {
    const { streams, positions } = await three();
    const read = await all(
      client().readAll({
        direction: BACKWARDS,
        fromPosition: at(positions[2] ?? 0n),
        maxCount: 50,
      }),
    );
    const ours = read.filter(({ event }) => streams.includes(event?.streamId ?? ''));
    expect(ours.map(({ event }) => event?.type)).to.deep.equal(['B', 'A']);
  });

  it('backwards from the end begins with the last event', async () => {
    const { positions } = await three();
    const [last] = await all(
      client().readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 20 }),
    );
    expect((last?.event?.position.commit ?? -1n) >= (positions[2] ?? 0n)).to.equal(true);
  });

  it('finds more than one event, though nobody wrote any', async () => {
    const read = await all(client().readAll({ maxCount: 2 }));
    expect(read).to.have.length(2);
    expect(read[0]?.event?.type).to.match(/^\$/);
  });

  it('is refused from after the end', async () => {
    const position = at(2n ** 50n);
    const error = await failure(all(client().readAll({ fromPosition: position })));
    expect(error.message).to.match(/INVALID_ARGUMENT/);
  });
});
