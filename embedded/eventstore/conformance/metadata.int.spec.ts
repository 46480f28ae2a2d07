import { BACKWARDS, END, jsonEvent, START, type StreamMetadata } from '@eventstore/db-client';
import { expect } from 'chai';
import { aClient } from './a-server.ts';
import { all, anEvent, aStream, brief, briefly, events } from './the-client.ts';

describe('What there is to be seen:', () => {
  const client = aClient();

  const aStreamWith = async (metadata: StreamMetadata, length = 5) => {
    const stream = aStream();
    await client().appendToStream(stream, events(length));
    await client().setStreamMetadata(stream, metadata);
    return stream;
  };

  describe('The metadata of a stream', () => {
    it('is read as it was written last', async () => {
      const stream = await aStreamWith({ maxCount: 9 });
      await client().setStreamMetadata(stream, { maxAge: 60, owner: 'us' });
      const { metadata } = await client().getStreamMetadata(stream);
      expect(metadata).to.deep.include({ maxAge: 60, owner: 'us' });
      expect(await briefly(client().readStream(`$$${stream}`))).to.deep.equal(['1 $metadata']);
    });

    it('limits how many events are to be seen', async () => {
      const stream = await aStreamWith({ maxCount: 2 });
      expect(await briefly(client().readStream(stream))).to.deep.equal([
        '3 Happened',
        '4 Happened',
      ]);
      await client().appendToStream(stream, [anEvent('Later')]);
      const back = client().readStream(stream, { direction: BACKWARDS, fromRevision: END });
      expect(await briefly(back)).to.deep.equal(['5 Later', '4 Happened']);
    });

    it('limits from where on events are to be seen', async () => {
      const stream = await aStreamWith({ truncateBefore: 3 });
      expect(await briefly(client().readStream(stream, { fromRevision: 1n }))).to.deep.equal([
        '3 Happened',
        '4 Happened',
      ]);
    });

    it('limits how old an event to be seen may be', async () => {
      const stream = await aStreamWith({ maxAge: 3600 });
      expect(await briefly(client().readStream(stream))).to.have.length(5);
    });

    it('leaves the order of everything alone', async () => {
      const stream = await aStreamWith({ truncateBefore: 3 });
      const read = (await all(client().readAll())).filter(
        ({ event }) => event?.streamId === stream,
      );
      expect(read).to.have.length(5);
    });
  });

  describe('A link', () => {
    const link = (to: string) => ({
      ...jsonEvent({ type: '$>', data: {} }),
      contentType: 'application/octet-stream' as const,
      data: Buffer.from(to),
    });

    it('is followed when asked to, as far as there is something to find', async () => {
      const stream = aStream();
      await client().appendToStream(stream, events(3));
      await client().setStreamMetadata(stream, { truncateBefore: 1 });
      const links = aStream('links');
      const targets = [`1@${stream}`, `0@${stream}`, `7@${stream}`, `0@${aStream()}`];
      await client().appendToStream(links, targets.map(link));

      const read = await all(client().readStream(links, { resolveLinkTos: true }));
      expect(read.map(brief)).to.deep.equal(['1 Happened', 'nothing', 'nothing', 'nothing']);
      expect(read.map(({ link: from }) => from?.revision)).to.deep.equal([0n, 1n, 2n, 3n]);
    });

    it('is read as it is when not', async () => {
      const links = aStream('links');
      await client().appendToStream(links, [link('0@nowhere')]);
      const [read] = await all(client().readStream(links, { fromRevision: START }));
      expect([read?.event?.type, read?.link]).to.deep.equal(['$>', undefined]);
    });
  });
});
