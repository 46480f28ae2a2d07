import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AccessDeniedError, ANY, NO_STREAM, UnavailableError } from '@eventstore/db-client';
import { expect } from 'chai';
import { BadConfig } from '#shared/platform/config.ts';
import { someNodes } from './conformance/some-nodes.ts';
import {
  all,
  anEvent,
  aStream,
  brief,
  briefly,
  events,
  failure,
  following,
  ONE_BY_ONE,
} from './conformance/the-client.ts';
import { AddressInUse } from './node.ts';
import { openStores } from './stores.ts';

describe('An embedded node', function () {
  this.timeout(180_000);

  const { directory, start, connect, stop } = someNodes();

  it('has everything still when it is started again', async () => {
    const first = await start();
    const [stream, deleted, repeated] = [aStream(), aStream(), events(2)];
    await first.client.appendToStream(stream, repeated, { expectedRevision: NO_STREAM });
    await first.client.appendToStream(deleted, events(1));
    await first.client.deleteStream(deleted);
    const before = await all(first.client.readAll());
    await stop(first.node);

    const { client } = await start();
    expect(await all(client.readAll())).to.deep.equal(before);
    const again = await client.appendToStream(stream, repeated, { expectedRevision: ANY });
    expect(again.nextExpectedRevision, 'it knows a repeat').to.equal(1n);
    const other = await client.appendToStream(aStream(), [anEvent()]);
    expect((other.position?.commit ?? 0n) > (again.position?.commit ?? 0n)).to.equal(true);
    expect((await client.appendToStream(deleted, [anEvent()])).nextExpectedRevision).to.equal(1n);
    expect(await briefly(client.readStream(stream))).to.deep.equal(['0 Happened', '1 Happened']);
  });

  it('has its directory for itself, until it is closed', async () => {
    const { node } = await start();
    const error = await failure(start());
    expect(error).to.be.instanceOf(BadConfig);
    expect(error.message).to.match(
      new RegExp(
        `^${directory()} is in use by process ${process.pid}: stop it, or set LASTRO_DATA_DIR`,
      ),
    );
    await stop(node);
    await start();
  });

  it('says that its port is taken, and lets go of the directory', async () => {
    const { node } = await start();
    const other = await mkdtemp(join(tmpdir(), 'lastro-eventstore-'));
    const error = await failure(start({ directory: other, port: node.port }));
    expect(error).to.be.instanceOf(AddressInUse);
    await start({ directory: other });
    await rm(other, { recursive: true });
  });

  it('refuses a log that another version wrote', async () => {
    const { root, about } = openStores(directory());
    await about.put('layout', 2);
    await root.close();
    const error = await failure(start());
    expect(error).to.be.instanceOf(BadConfig);
    expect(error.message).to.match(
      /has layout 2, this version reads 1: run the version that wrote/,
    );
  });

  it('refuses a directory that is none', async () => {
    const file = join(directory(), 'file');
    await writeFile(file, '');
    const error = await failure(start({ directory: file }));
    expect(error).to.be.instanceOf(BadConfig);
    expect(error.message).to.match(/cannot be opened .*set LASTRO_DATA_DIR/);
  });

  it('is found by discovery', async () => {
    const { node } = await start();
    const client = connect(`esdb+discover://127.0.0.1:${node.port}?tls=false`);
    expect((await client.appendToStream(aStream(), events(1))).success).to.equal(true);
  });

  for (const [name, options] of [
    ['in a batch', {}],
    ['over a call of its own', ONE_BY_ONE],
  ] as const)
    it(`lets nobody write to everything ${name}, nor to a stream without a name`, async () => {
      const { client } = await start();
      const append = (stream: string) => client.appendToStream(stream, events(1), options);
      expect(await failure(append('$all'))).to.be.instanceOf(AccessDeniedError);
      for (const unnamed of ['', '$$'])
        expect((await failure(append(unnamed))).message).to.match(/not the name of a stream/);
      expect((await append('$mine')).success).to.equal(true);
    });

  it('hides what is older than the metadata of its stream allows', async () => {
    let now = 1_767_312_000_000;
    const { client } = await start({ now: () => now });
    const stream = aStream();
    await client.appendToStream(stream, [anEvent('Old')]);
    await client.setStreamMetadata(stream, { maxAge: 60 });
    now += 45_000;
    await client.appendToStream(stream, [anEvent('New')]);
    now += 30_000;
    expect(await briefly(client.readStream(stream))).to.deep.equal(['1 New']);
    const subscription = following(client.subscribeToStream(stream));
    await subscription.until(({ log }) => log.includes('caught up'));
    expect(subscription.received.map(brief)).to.deep.equal(['1 New']);
    await subscription.stop();
  });

  it('lets calls wait beyond as many as a connection may have', async () => {
    const { client } = await start({ maxConcurrentStreams: 3 });
    const open = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const subscription = following(client.subscribeToStream(aStream()));
        await subscription.until(({ log }) => log.includes('caught up'));
        return subscription;
      }),
    );
    const append = client.appendToStream(aStream(), events(1)).then(() => 'appended');
    expect(await Promise.race([append, pause(300, 'waits')])).to.equal('waits');
    await Promise.all(open.map(({ stop: unsubscribe }) => unsubscribe()));
    expect(await append).to.equal('appended');
  });

  it('does not let a slow subscriber hold up a quick one, nor lose anything of its own', async () => {
    const { client } = await start();
    const stream = aStream();
    const large = () => anEvent('x'.repeat(20_000));
    const slow = client.subscribeToStream(stream);
    const quick = following(client.subscribeToStream(stream));
    for (let round = 0; round < 20; round += 1)
      await client.appendToStream(stream, Array.from({ length: 20 }, large));
    await quick.until(({ received }) => received.length === 400);

    const late = following(slow);
    await late.until(({ received }) => received.length === 400);
    const revisions = late.received.map(({ event }) => Number(event?.revision));
    expect(revisions).to.deep.equal(revisions.map((_, index) => index));
    await Promise.all([quick.stop(), late.stop()]);
  });

  it('closes in order: ends what is followed, answers what is asked', async () => {
    const { node, client } = await start();
    const subscription = following(client.subscribeToAll());
    await subscription.until(({ log }) => log.includes('caught up'));
    const appends = Array.from({ length: 50 }, () => client.appendToStream(aStream(), events(1)));
    await appends[0];
    const started = performance.now();
    const [settled] = await Promise.all([Promise.allSettled(appends), stop(node)]);
    expect(performance.now() - started).to.be.below(5_000);
    await subscription.until(({ log }) => log.includes('error'));
    expect(subscription.error()).to.be.instanceOf(UnavailableError);

    const acknowledged = settled.filter(({ status }) => status === 'fulfilled').length;
    const { client: after } = await start();
    const kept = (await all(after.readAll())).filter(({ event }) => event?.type === 'Happened');
    expect(kept.length).to.be.at.least(acknowledged);
    expect(acknowledged).to.be.at.least(1);
  });
});
