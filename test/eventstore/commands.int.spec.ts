import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ANY, binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { expect } from 'chai';
import { all, anEvent, events, failure } from '../../embedded/eventstore/conformance/the-client.ts';
import { nameKey } from '../../embedded/eventstore/keys.ts';
import { eventStoreNode, type EventStoreNode } from '../../embedded/eventstore/node.ts';
import { logDirectory } from '../../embedded/eventstore/serve.ts';
import { openStores } from '../../embedded/eventstore/stores.ts';
import { lastro } from '../support/lastro.ts';
import { eventstore } from '../../cli/eventstore.ts';

const urlOf = ({ port }: EventStoreNode) => `esdb://127.0.0.1:${port}?tls=false`;

describe('lastro eventstore', function () {
  this.timeout(180_000);

  let data: string;
  const nodes: EventStoreNode[] = [];
  const clients: EventStoreDBClient[] = [];

  const start = async (directory: string, options = {}) => {
    const node = await eventStoreNode({ directory, port: 0, ...options });
    nodes.push(node);
    const client = EventStoreDBClient.connectionString(urlOf(node));
    clients.push(client);
    return { node, client };
  };
  const stopAll = async () => {
    for (const client of clients.splice(0)) await client.dispose();
    for (const node of nodes.splice(0)) await node.close();
  };
  const run = (...args: readonly string[]) =>
    lastro(eventstore, { LASTRO_DATA_DIR: data }, 'eventstore', ...args);

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'lastro-cli-eventstore-'));
  });
  afterEach(async () => {
    await stopAll();
    await rm(data, { recursive: true, force: true });
  });

  it('verify says that a log is whole, and ends with 3 when it is not', async () => {
    const { client } = await start(logDirectory(data));
    await client.appendToStream('spec-1', events(3));
    const whole = await run('verify');
    expect(whole).to.include({ code: 0, said: '' });
    expect(whole.out).to.match(/eventstore: whole; 7 events in 8 streams\n$/);
    await stopAll();

    const stores = openStores(logDirectory(data));
    stores.heads.removeSync(nameKey('spec-1'));
    await stores.root.close();
    const broken = await run('verify', '--json');
    expect(broken.code).to.equal(3);
    expect(JSON.parse(broken.out)).to.include({ whole: false, events: 7, flaws: 3 });
    expect((await run('verify')).out).to.match(/NOT WHOLE, 3 flaws.*\n {2}spec-1 0, at position/);
    expect(await run('verify', '--directory', join(data, 'none'))).to.include({ code: 78 });
  });

  it('backup copies a log that is in use, and never over another', async () => {
    const { client } = await start(logDirectory(data));
    await client.appendToStream('spec-1', events(3));
    const to = join(data, 'backups', 'monday');
    expect(await run('backup', to)).to.include({ code: 0 });
    const { out } = await run('verify', '--directory', to);
    expect(out).to.match(/whole; 7 events/);
    expect(await run('backup', to)).to.include({ code: 78 });
  });

  describe('copy', () => {
    const copy = (from: EventStoreNode, to: EventStoreNode) =>
      lastro(
        eventstore,
        { LASTRO_DATA_DIR: data, EVENTSTORE_URL: urlOf(from) },
        ...['eventstore', 'copy', '--json', '--to', urlOf(to)],
      );
    /** A tombstone is the server's own event. */
    const anonymous = ({ type }: { readonly type: string }) =>
      type === '$streamDeleted' && { id: 0 };
    const told = async (client: EventStoreDBClient) =>
      (await all(client.readAll())).flatMap(({ event }) =>
        event && !event.streamId.startsWith('$')
          ? [{ ...event, position: 0, created: 0, metadata: 0, ...anonymous(event) }]
          : [],
      );

    it('takes everything along, in order, and says when it was first written', async () => {
      const source = await start(join(data, 'source'));
      const target = await start(join(data, 'target'));
      for (let nth = 0; nth < 150; nth += 1)
        await source.client.appendToStream(`spec-${nth % 7}`, [anEvent('Happened', nth)]);
      const odd = [
        jsonEvent({ type: 'Known', data: [1], metadata: { commandId: 'c' } }),
        binaryEvent({ type: 'Bytes', data: Uint8Array.of(0, 255), metadata: Uint8Array.of(1) }),
      ];
      await source.client.appendToStream('odd-1', odd);
      await source.client.setStreamMetadata('spec-1', { maxCount: 5, custom: 'kept' });
      await source.client.deleteStream('spec-2');
      await source.client.appendToStream('spec-2', events(2));
      await source.client.deleteStream('spec-3');
      await source.client.tombstoneStream('spec-4');

      const { code, out, said } = await copy(source.node, target.node);
      expect({ code, said }).to.deep.equal({ code: 0, said: '' });
      expect(JSON.parse(out)).to.include({ copied: 159 });
      const without = ({ client }: typeof source) => told(client);
      expect(await without(target)).to.deep.equal(await without(source));

      const [first] = await all(source.client.readStream('odd-1'));
      const [copied, bytes] = await all(target.client.readStream('odd-1'));
      expect(copied?.event?.metadata).to.deep.equal({
        ...{ $created: first?.event?.created.toISOString(), commandId: 'c' },
      });
      expect(Buffer.from(bytes?.event?.metadata as Uint8Array)).to.deep.equal(Buffer.of(1));
      expect(await all(target.client.readStream('spec-1'))).to.have.length(5);
      expect(await all(target.client.readStream('spec-2'))).to.have.length(2);
      expect((await target.client.getStreamMetadata('spec-1')).metadata).to.include({
        custom: 'kept',
      });
      expect(await failure(all(target.client.readStream('spec-3')))).to.match(/not found/);
      expect(await failure(all(target.client.readStream('spec-4')))).to.match(/is deleted/);
    });

    it('goes on where it was broken off, and writes nothing twice', async () => {
      const source = await start(join(data, 'source'));
      await source.client.appendToStream('spec-1', events(3));
      await source.client.appendToStream('spec-gone', events(3));
      await source.client.tombstoneStream('spec-gone');
      const target = await start(join(data, 'target'));
      expect(await copy(source.node, target.node)).to.include({ code: 0 });

      await source.client.appendToStream('spec-1', events(2));
      const more = await copy(source.node, target.node);
      expect(JSON.parse(more.out)).to.include({ copied: 2 });
      const [note = ''] = (await readdir(data)).filter((name) => name.startsWith('copied-'));
      await rm(join(data, note));
      const again = await copy(source.node, target.node);
      expect({ ...again, out: '' }).to.deep.equal({ code: 0, out: '', said: '' });
      expect(await told(target.client)).to.deep.equal(await told(source.client));
    });

    it('says that the target has events of its own, and that it is not there', async () => {
      const source = await start(join(data, 'source'));
      await source.client.appendToStream('spec-1', events(3));
      const target = await start(join(data, 'target'));
      await target.client.appendToStream('spec-1', events(1), { expectedRevision: ANY });
      const { code, said } = await copy(source.node, target.node);
      expect(code).to.equal(1);
      expect(said).to.match(/^lastro: The target has other events in spec-1, at revision 0: .*\n$/);

      await nodes.pop()?.close();
      const away = await copy(source.node, target.node);
      expect(away.code).to.equal(1);
      expect(away.said).to.match(/The copy stopped after position -1, run it again/);
    });
  });
});
