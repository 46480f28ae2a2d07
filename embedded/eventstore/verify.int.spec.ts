import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import { BadConfig } from '#shared/platform/config.ts';
import { backUp } from './backup.ts';
import { all, anEvent, aStream, brief, events, failure } from './conformance/the-client.ts';
import { idKey, nameKey } from './keys.ts';
import { eventStoreNode, type EventStoreNode } from './node.ts';
import { encodeEntry, encodeRevision, openStores, type Stores } from './stores.ts';
import { verifyLog } from './verify.ts';

const NAME = 'spec-1';
/** Streams of the system that have metadata, and no event. */
const DESCRIBED = 3;

describe('The log, on disk', function () {
  this.timeout(180_000);

  let directory: string;
  let node: EventStoreNode | undefined;
  let client: EventStoreDBClient;

  const start = async (where = directory) => {
    node = await eventStoreNode({ directory: where, port: 0 });
    client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
  };
  const stop = async () => {
    if (!node) return;
    await client.dispose();
    await node.close();
    node = undefined;
  };
  /** A bit of everything: a repeat of an id, a long name, metadata, deletes of both kinds. */
  const live = async () => {
    const once = events(2);
    await client.appendToStream(NAME, events(5));
    await client.appendToStream(NAME, [...once, ...once]);
    await client.setStreamMetadata(NAME, { maxCount: 3 });
    await client.appendToStream('x'.repeat(2_000), events(3));
    await client.appendToStream('spec-gone', events(3));
    await client.deleteStream('spec-gone');
    await client.appendToStream('spec-gone', events(2));
    await client.tombstoneStream('spec-2');
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-verify-'));
  });
  afterEach(async () => {
    await stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('is found without a flaw, in use or not, with everything counted', async () => {
    await start();
    await live();
    const log = await all(client.readAll());
    const counted = log.length;
    const names = new Set(log.map(({ event }) => event?.streamId));
    const inUse = await verifyLog(directory);
    expect(inUse.told).to.deep.equal([]);
    expect(inUse).to.include({ flaws: 0, events: counted, streams: names.size + DESCRIBED });
    await stop();
    expect(await verifyLog(directory)).to.deep.equal(inUse);
  });

  const damages: readonly [
    what: string,
    damage: (stores: Stores, number: number) => void,
    told: RegExp,
  ][] = [
    [
      'an event that its stream does not know of',
      ({ places }, number) => {
        places.removeSync([number, 2]);
      },
      /spec-1 2, at position \d+, is not in the index of its stream/,
    ],
    [
      'an event in the place of another',
      ({ places }, number) => {
        places.putSync([number, 2], places.get([number, 3]) ?? Buffer.alloc(0));
      },
      /spec-1 2, at position \d+, has another event in its place/,
    ],
    [
      'a place without an event',
      ({ places }, number) => {
        places.putSync([number, 20], encodeEntry({ position: 1, id: Buffer.alloc(16, 1) }));
      },
      /goes from revision 8 to 20/,
    ],
    [
      'an id that is nobody’s',
      ({ ids }, number) => {
        ids.putSync(idKey(number, Buffer.alloc(16, 1)), encodeRevision(1));
      },
      /id 01010101-.* is not at revision 1/,
    ],
    [
      'a stream that is said to end elsewhere',
      ({ heads }) => {
        const head = heads.get(nameKey(NAME));
        if (head) heads.putSync(nameKey(NAME), { ...head, last: 7 });
      },
      /spec-1 is said to end at 7, and does at 8/,
    ],
    [
      'a stream that is kept for longer than its metadata says',
      ({ heads }) => {
        const head = heads.get(nameKey(NAME));
        if (head) heads.putSync(nameKey(NAME), { ...head, retention: { maxCount: 4 } });
      },
      /spec-1 is not kept as its metadata says/,
    ],
    [
      'a stream that is not listed',
      ({ heads }) => {
        heads.removeSync(nameKey(NAME));
      },
      /spec-1 0, at position \d+, is of a stream that is not listed/,
    ],
    [
      'an event that is lost',
      ({ records }) => {
        const [second] = records.getKeys({ start: 1, limit: 1 });
        records.removeSync(second ?? -1);
      },
      /after position \d+ comes \d+/,
    ],
    [
      'an event that cannot be read',
      ({ records }) => {
        const record = Buffer.from(records.get(0) ?? []);
        records.putSync(0, record.fill(0xff, record.length - 20));
      },
      /what is at position 0 cannot be read/,
    ],
  ];
  for (const [what, damage, told] of damages)
    it(`has a flaw when there is ${what}`, async () => {
      await start();
      await live();
      await stop();
      const stores = openStores(directory);
      damage(stores, stores.heads.get(nameKey(NAME))?.number ?? -1);
      await stores.root.close();

      const { flaws, told: found } = await verifyLog(directory);
      expect(flaws).to.be.at.least(1);
      expect(found.join('\n')).to.match(told);
    });

  it('is copied while it is written to, as it is at one instant', async () => {
    await start();
    await live();
    const to = join(directory, 'copies', 'first');
    const over = new AbortController();
    const written: bigint[] = [];
    const writing = (async () => {
      while (!over.signal.aborted) {
        const { nextExpectedRevision } = await client.appendToStream('busy', [anEvent()]);
        written.push(nextExpectedRevision);
      }
    })();
    const before = (await client.appendToStream(aStream(), events(1))).position?.commit ?? 0n;
    await backUp(directory, to);
    over.abort();
    await writing;
    const original = (await all(client.readAll())).map((event) => event.event?.id);
    await stop();

    expect(await readdir(to))
      .to.include('log.mdb')
      .and.to.not.include('unfinished');
    expect((await verifyLog(to)).told).to.deep.equal([]);
    await start(to);
    const copied = await all(client.readAll());
    expect(copied.at(-1)?.event?.position.commit).to.satisfy((end: bigint) => end >= before);
    expect(copied.map((event) => event.event?.id)).to.deep.equal(original.slice(0, copied.length));
    expect((await all(client.readStream(NAME))).map(brief)).to.have.length(3);
  });

  it('is not copied over another, nor from where there is none', async () => {
    await start();
    const to = join(directory, 'copy');
    await backUp(directory, to);
    expect(await failure(backUp(directory, to))).to.be.instanceOf(BadConfig);
    expect(
      await failure(backUp(join(directory, 'none'), join(directory, 'other'))),
    ).to.be.instanceOf(BadConfig);
    expect(await failure(verifyLog(join(directory, 'none')))).to.be.instanceOf(BadConfig);
  });
});
