import { randomUUID } from 'node:crypto';
import { ANY, NO_STREAM, STREAM_EXISTS, WrongExpectedVersionError } from '@eventstore/db-client';
import { expect } from 'chai';
import { aClient } from './a-server.ts';
import { anEvent, aStream, briefly, events, failure } from './the-client.ts';

describe('A repeated append', () => {
  const client = aClient();

  for (const expectedRevision of [NO_STREAM, 1n, ANY, STREAM_EXISTS] as const)
    it(`at ${expectedRevision} gets the first answer, and writes nothing`, async () => {
      const stream = aStream();
      const begins = expectedRevision === NO_STREAM;
      if (!begins) await client().appendToStream(stream, events(2));
      const repeated = events(2, 'Repeated');
      const first = await client().appendToStream(stream, repeated, { expectedRevision });
      await client().appendToStream(stream, [anEvent('Later')]);
      const again = await client().appendToStream(stream, repeated, { expectedRevision });

      expect(again).to.deep.equal(first);
      const read = await briefly(client().readStream(stream));
      expect(read.slice(begins ? 0 : 2).map((event) => event.slice(2))).to.deep.equal([
        'Repeated',
        'Repeated',
        'Later',
      ]);
    });

  it('is known though it comes at the same time', async () => {
    const [stream, repeated] = [aStream(), events(3)];
    const done = await Promise.all(
      Array.from({ length: 10 }, () =>
        client().appendToStream(stream, repeated, { expectedRevision: NO_STREAM }),
      ),
    );
    for (const each of done) expect(each).to.deep.equal(done[0]);
    expect(await briefly(client().readStream(stream))).to.have.length(3);
  });

  for (const expectedRevision of [NO_STREAM, ANY] as const)
    it(`at ${expectedRevision} with an event more is none`, async () => {
      const [stream, first] = [aStream(), events(2)];
      await client().appendToStream(stream, first, { expectedRevision });
      const longer = [...first, anEvent()];
      const error = await failure(client().appendToStream(stream, longer, { expectedRevision }));
      expect(error).to.be.instanceOf(WrongExpectedVersionError);
      expect(await briefly(client().readStream(stream))).to.have.length(2);
    });

  it('with other events of the same number is none', async () => {
    const stream = aStream();
    const options = { expectedRevision: NO_STREAM } as const;
    await client().appendToStream(stream, events(2), options);
    const error = await failure(client().appendToStream(stream, events(2), options));
    expect(error).to.be.instanceOf(WrongExpectedVersionError);
  });

  it('to another stream is no repeat', async () => {
    const repeated = events(1);
    await client().appendToStream(aStream(), repeated);
    const other = aStream();
    await client().appendToStream(other, repeated);
    expect(await briefly(client().readStream(other))).to.deep.equal(['0 Happened']);
  });

  it('within one append is no repeat', async () => {
    const stream = aStream();
    const twice = { ...anEvent(), id: randomUUID() };
    await client().appendToStream(stream, [twice, twice]);
    expect(await briefly(client().readStream(stream))).to.have.length(2);
  });
});
