import { join } from 'node:path';
import { ANY, MaxAppendSizeExceededError, NotLeaderError } from '@eventstore/db-client';
import { expect } from 'chai';
import { someNodes } from './conformance/some-nodes.ts';
import { all, anEvent, aStream, events, failure, ONE_BY_ONE } from './conformance/the-client.ts';
import type { EventStoreNode, NodeOptions } from './node.ts';

describe('A node that is switched to be as harsh as production', function () {
  this.timeout(180_000);

  const nodes = someNodes();
  const start = async (options: Partial<NodeOptions>, name = 'one') =>
    (await nodes.start({ ...options, directory: join(nodes.directory(), name) })).node;
  const connect = ({ port }: EventStoreNode, more = '') =>
    nodes.connect(`esdb://127.0.0.1:${port}?tls=false${more}`);

  it('takes no append that is larger than it was told', async () => {
    const client = connect(await start({ maxAppendSize: 1_000 }));
    const large = [anEvent('x'.repeat(500))];
    for (const way of [{}, ONE_BY_ONE]) {
      const error = await failure(client.appendToStream(aStream(), large, way));
      expect(error).to.be.instanceOf(MaxAppendSizeExceededError);
      expect(error).to.have.property('maxAppendSize', 1_000);
    }
  });

  for (const [idCache, length] of [
    ['durable', 1],
    ['volatile', 2],
  ] as const)
    it(`with ${idCache} ids knows a repeat at any revision ${length === 1 ? 'for ever' : 'until it is started again'}`, async () => {
      const [stream, once] = [aStream(), events(1)];
      const node = await start({ idCache });
      const client = connect(node);
      for (let time = 0; time < 2; time += 1)
        await client.appendToStream(stream, once, { expectedRevision: ANY });
      expect(await all(client.readStream(stream))).to.have.length(1);
      await nodes.stop(node);

      const again = connect(await start({ idCache }));
      await again.appendToStream(stream, once, { expectedRevision: ANY });
      expect(await all(again.readStream(stream))).to.have.length(length);
    });

  it('sends whoever wants the leader there, and answers those who do not', async () => {
    const leader = await start({}, 'leader');
    const follower = await start({ leader: { host: '127.0.0.1', port: leader.port } }, 'follower');
    const client = connect(follower);
    const stream = aStream();
    for (const way of [ONE_BY_ONE, {}]) {
      const error = await failure(connect(follower).appendToStream(stream, events(1), way));
      expect(error).to.be.instanceOf(NotLeaderError);
      expect(error).to.have.deep.property('leader', { address: '127.0.0.1', port: leader.port });
    }
    await failure(client.appendToStream(stream, events(1)));
    await client.appendToStream(stream, events(1));
    expect(await all(connect(leader).readStream(stream))).to.have.length(1);

    const reader = connect(follower);
    expect(await all(reader.readAll({ maxCount: 1 }))).to.have.length(1);
    const strict = all(reader.readAll({ maxCount: 1, requiresLeader: true }));
    expect(await failure(strict)).to.be.instanceOf(NotLeaderError);
  });
});
