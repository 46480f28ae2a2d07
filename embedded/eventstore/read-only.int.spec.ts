import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, UnknownError } from '@eventstore/db-client';
import { expect } from 'chai';
import { freePort } from '#shared/platform/free-port.ts';
import { aMain, endMains } from '../testing/a-main.ts';
import { all, aStream, events, failure, following, ONE_BY_ONE } from './conformance/the-client.ts';
import { eventStoreNode } from './node.ts';
import { logDirectory } from './serve.ts';

/** Whom permissions count for, when those who run this are above them. */
const NOBODY = 65_534;

describe('An event store in a directory that it may not write to', function () {
  this.timeout(180_000);
  let data: string;

  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'lastro-sealed-'));
  });
  after(async () => {
    endMains();
    await chmod(logDirectory(data), 0o755).catch(() => undefined);
    await rm(data, { recursive: true, force: true });
  });

  it('goes on reading, refuses appends and says why', async () => {
    const directory = logDirectory(data);
    const stream = aStream();
    const node = await eventStoreNode({ directory, port: 0 });
    const before = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
    await before.appendToStream(stream, events(3));
    await before.dispose();
    await node.close();

    for (const name of await readdir(directory)) await chmod(join(directory, name), 0o444);
    await chmod(directory, 0o555);
    await chmod(data, 0o755);
    const port = await freePort();
    const environment = { LASTRO_DATA_DIR: data, EMBEDDED_EVENTSTORE_PORT: String(port) };
    const main = aMain('embedded/eventstore/main.ts', environment, [], { uid: NOBODY });
    await main.says('"msg":"ready"');
    expect(main.lines.join('\n')).to.match(/can only be read: appends are refused until/);

    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
    expect(await all(client.readStream(stream))).to.have.length(3);
    const subscription = following(client.subscribeToStream(stream));
    await subscription.until(({ received }) => received.length === 3);
    await subscription.stop();
    for (const way of [{}, ONE_BY_ONE]) {
      const refused = await failure(client.appendToStream(stream, events(1), way));
      expect(refused).to.be.instanceOf(UnknownError);
      expect(refused.message).to.match(
        /nothing was recorded: .* can only be read: make it writable/,
      );
    }
    await client.dispose();
    main.process.kill('SIGTERM');
    expect(await main.exit).to.equal(0);
  });
});
