import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, NotLeaderError, UnavailableError } from '@eventstore/db-client';
import { expect } from 'chai';
import type { ChaosMode } from './chaos.ts';
import { all, aStream, events, following, ONE_BY_ONE } from './conformance/the-client.ts';
import { eventStoreNode, type EventStoreNode } from './node.ts';

const CALLS = 60;
/** As many as it takes for one of them to be late; with more of those, the last would expire. */
const BATCHED = 100;

describe('A node that makes trouble', function () {
  this.timeout(180_000);

  let directory: string;
  let node: EventStoreNode;
  let client: EventStoreDBClient;

  const start = async (mode: ChaosMode) => {
    node = await eventStoreNode({ directory, port: 0, chaos: [mode] });
    client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
  };
  /** What becomes of many calls, one after the other. */
  const outcomes = async (call: () => Promise<unknown>) => {
    const failures: unknown[] = [];
    for (let nth = 0; nth < CALLS; nth += 1)
      await call().catch((error: unknown) => failures.push(error));
    return failures;
  };

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-chaos-'));
  });
  afterEach(async () => {
    await client.dispose();
    await node.close();
    await rm(directory, { recursive: true, force: true });
  });

  for (const [mode, kind] of [
    ['unavailable', UnavailableError],
    ['not-leader', NotLeaderError],
  ] as const)
    it(`is ${mode} to some reads and to some appends, and to no others`, async () => {
      await start(mode);
      for (const call of [
        () => all(client.readAll({ maxCount: 1 })),
        () => client.appendToStream(aStream(), events(1), ONE_BY_ONE),
      ]) {
        const failures = await outcomes(call);
        expect(failures.length).to.be.within(1, CALLS / 2);
        for (const failure of failures) expect(failure).to.be.instanceOf(kind);
      }
    });

  it('drops subscriptions, whatever they are doing, and nothing else', async () => {
    await start('drop-subscriptions');
    for (let nth = 0; nth < 5; nth += 1) {
      const subscription = following(client.subscribeToAll());
      await subscription.until(({ log }) => log.includes('error'));
    }
    expect(await outcomes(() => all(client.readAll({ maxCount: 1 })))).to.deep.equal([]);
  });

  it('answers in a batch when nobody counts on it any more', async () => {
    await start('late-batch-reply');
    const times = await Promise.all(
      Array.from({ length: BATCHED }, async () => {
        const started = performance.now();
        await client.appendToStream(aStream(), events(1));
        return performance.now() - started;
      }),
    );
    expect(Math.max(...times)).to.be.above(3_000);
    expect(
      await outcomes(() => client.appendToStream(aStream(), events(1), ONE_BY_ONE)),
    ).to.have.length(0);
  });
});
