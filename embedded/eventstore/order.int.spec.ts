import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EventStoreDBClient,
  eventTypeFilter,
  START,
  type ReadPosition,
} from '@eventstore/db-client';
import { expect } from 'chai';
import fc from 'fast-check';
import { all, events, ONE_BY_ONE } from './conformance/the-client.ts';
import { eventStoreNode, type EventStoreNode } from './node.ts';

const RUNS = 12;
/** The same every time; a failure says which runs led to it. */
const SEED = 20_260_101;
const LONGEST_RUN_MS = 30_000;

const TYPE = 'Ordered';
const FILTER = { filter: eventTypeFilter({ prefixes: [TYPE] }) };

type Append = {
  readonly stream: number;
  readonly count: number;
  readonly alone: boolean;
};
type Plan = {
  /** For each writer, one append after the other. */
  readonly writers: readonly (readonly Append[])[];
  /** After how many events a subscription ends, and the next one begins. */
  readonly ends: readonly { readonly after: number; readonly killed: boolean }[];
  readonly filtered: boolean;
};

const append: fc.Arbitrary<Append> = fc.record({
  stream: fc.integer({ min: 0, max: 3 }),
  count: fc.integer({ min: 1, max: 6 }),
  alone: fc.boolean(),
});
const plan: fc.Arbitrary<Plan> = fc.record({
  writers: fc.array(fc.array(append, { minLength: 1, maxLength: 12 }), {
    ...{ minLength: 1, maxLength: 8 },
  }),
  ends: fc.array(fc.record({ after: fc.integer({ min: 1, max: 25 }), killed: fc.boolean() }), {
    maxLength: 6,
  }),
  filtered: fc.boolean(),
});

describe('The order of everything', function () {
  this.timeout(180_000);

  let directory: string;
  let node: EventStoreNode;
  let writer: EventStoreDBClient;
  let run = 0;

  const connect = () =>
    EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-order-'));
    node = await eventStoreNode({ directory, port: 0 });
    writer = connect();
  });
  after(async () => {
    await writer.dispose();
    await node.close();
    await rm(directory, { recursive: true, force: true });
  });

  const writeAll = ({ writers }: Plan, prefix: string) =>
    Promise.all(
      writers.map(async (appends) => {
        for (const { stream, count, alone } of appends)
          await writer.appendToStream(`${prefix}-${stream}`, events(count, TYPE), {
            ...(alone && ONE_BY_ONE),
          });
      }),
    );

  /** Subscription after subscription, each from where the one before was ended or killed. */
  const followed = async ({ ends, filtered }: Plan, from: ReadPosition, total: number) => {
    const seen: bigint[] = [];
    let position = from;
    for (const { after, killed } of [...ends, { after: Infinity, killed: false }]) {
      if (seen.length >= total) break;
      const client = connect();
      const options = { fromPosition: position, ...(filtered && FILTER) };
      const subscription = client.subscribeToAll(options);
      subscription.on('error', () => undefined);
      let count = 0;
      for await (const { event } of subscription) {
        if (event?.type !== TYPE) continue;
        seen.push(event.position.commit);
        position = event.position;
        if (++count >= after || seen.length >= total) break;
      }
      if (killed) await client.dispose();
      await subscription.unsubscribe().catch(() => undefined);
      await client.dispose();
    }
    return seen;
  };

  /** Pages from the beginning of the run, as they are read while it is written to. */
  const pagesWhile = async (writing: Promise<unknown>, from: ReadPosition) => {
    const pages: (readonly bigint[])[] = [];
    const over = new AbortController();
    void writing.finally(() => {
      over.abort();
    });
    const reader = connect();
    while (!over.signal.aborted)
      pages.push(
        (await all(reader.readAll({ fromPosition: from, maxCount: 400 }))).map(
          ({ event }) => event?.position.commit ?? -1n,
        ),
      );
    await reader.dispose();
    return pages;
  };

  it('is that of commits, for whoever reads, and for whoever follows, stops and goes on', async () => {
    const property = async (one: Plan) => {
      const prefix = `order${(run += 1)}`;
      const { position: from = START } = await writer.appendToStream(`${prefix}-begin`, events(1));
      const total = one.writers.flat().reduce((sum, { count }) => sum + count, 0);
      const writing = writeAll(one, prefix);
      const [seen, pages] = await Promise.all([
        followed(one, from, total),
        pagesWhile(writing, from),
        writing,
      ]);

      const log = await all(writer.readAll({ fromPosition: from }));
      const ours = log.flatMap(({ event }) => (event?.type === TYPE ? event : []));
      expect(seen, 'each once, and in order').to.deep.equal(
        ours.map(({ position }) => position.commit),
      );
      const order = log.map(({ event }) => event?.position.commit ?? -1n);
      for (const page of pages)
        expect(page, 'nothing came before what was read').to.deep.equal(
          order.slice(0, page.length),
        );
      for (let stream = 0; stream < 4; stream += 1) {
        const revisions = ours
          .filter(({ streamId }) => streamId === `${prefix}-${stream}`)
          .map(({ revision }) => Number(revision));
        expect(revisions, 'without a gap').to.deep.equal(revisions.map((_, nth) => nth));
      }
    };
    await fc.assert(fc.asyncProperty(plan, property), {
      ...{ numRuns: RUNS, seed: SEED, timeout: LONGEST_RUN_MS, endOnFailure: true },
    });
  });
});
