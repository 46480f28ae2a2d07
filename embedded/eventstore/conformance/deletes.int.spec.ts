import {
  ANY,
  NO_STREAM,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AppendExpectedRevision,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { aClient } from './a-server.ts';
import { all, anEvent, aStream, briefly, events, failure } from './the-client.ts';

describe('A delete:', () => {
  const client = aClient();

  const append = (stream: string, expectedRevision: AppendExpectedRevision = ANY) =>
    client().appendToStream(stream, [anEvent('Again')], { expectedRevision });
  const aStreamOf = async (length: number) => {
    const stream = aStream();
    await client().appendToStream(stream, events(length));
    return stream;
  };

  describe('A deleted stream', () => {
    it('is not found', async () => {
      const stream = await aStreamOf(3);
      const { position } = await client().deleteStream(stream);
      expect(position?.commit).to.be.a('bigint');
      const error = await failure(all(client().readStream(stream)));
      expect(error).to.be.instanceOf(StreamNotFoundError);
    });

    for (const expected of [ANY, NO_STREAM, 2n] as const)
      it(`begins anew at ${expected}, and its revisions go on`, async () => {
        const stream = await aStreamOf(3);
        await client().deleteStream(stream);
        expect((await append(stream, expected)).nextExpectedRevision).to.equal(3n);
        await append(stream, 3n);
        expect(await briefly(client().readStream(stream))).to.deep.equal(['3 Again', '4 Again']);
      });

    it('can be deleted again, and begin anew again', async () => {
      const stream = await aStreamOf(1);
      await client().deleteStream(stream);
      await append(stream);
      await client().deleteStream(stream);
      await append(stream);
      expect(await briefly(client().readStream(stream))).to.deep.equal(['2 Again']);
    });

    it('keeps its events in the log', async () => {
      const stream = await aStreamOf(2);
      await client().deleteStream(stream);
      const read = await all(client().readAll());
      const types = read.filter(({ event }) => event?.streamId === stream);
      expect(types).to.have.length(2);
    });

    it('is deleted only at the revision it is thought to be at', async () => {
      const stream = await aStreamOf(3);
      const error = await failure(client().deleteStream(stream, { expectedRevision: 1n }));
      if (!(error instanceof WrongExpectedVersionError)) throw error;
      expect(error).to.deep.include({ streamName: stream, expectedVersion: 1n });
      await client().deleteStream(stream, { expectedRevision: 2n });
    });

    it('must have been there', async () => {
      const error = await failure(client().deleteStream(aStream()));
      expect(error).to.be.instanceOf(WrongExpectedVersionError);
    });
  });

  describe('A stream with a tombstone', () => {
    it('can be neither read nor written, nor described, ever again', async () => {
      const stream = await aStreamOf(2);
      await client().tombstoneStream(stream);
      for (const attempt of [
        () => all(client().readStream(stream)),
        () => append(stream),
        () => append(stream, 1n),
        () => client().tombstoneStream(stream),
        () => client().deleteStream(stream),
        () => client().setStreamMetadata(stream, { maxCount: 1 }),
      ]) {
        const error = await failure(attempt());
        if (!(error instanceof StreamDeletedError)) throw error;
        expect(error.streamName.replace('$$', '')).to.equal(stream);
      }
    });

    it('need not have been there before', async () => {
      const stream = aStream();
      await client().tombstoneStream(stream, { expectedRevision: NO_STREAM });
      expect(await failure(append(stream))).to.be.instanceOf(StreamDeletedError);
    });

    it('ends at the largest revision', async () => {
      const stream = await aStreamOf(1);
      const { position } = await client().tombstoneStream(stream);
      const commit = position?.commit ?? 0n;
      const [read] = await all(
        client().readAll({ fromPosition: { commit, prepare: commit }, maxCount: 1 }),
      );
      expect([read?.event?.streamId, read?.event?.type, read?.event?.revision]).to.deep.equal([
        stream,
        '$streamDeleted',
        9_223_372_036_854_775_807n,
      ]);
    });
  });
});
