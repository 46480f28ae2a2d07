import { expect } from 'chai';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { broken, made, thingEvents, type ThingEvent } from '#shared/testing/a-thing.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from '../../test/support/an-event-store.ts';
import { connect, type Connection } from './connection.ts';
import { eventStoreDb } from './event-store.ts';
import { longRead } from './long-read.ts';

const STREAMS = 6;
const EACH = 400;

describe('A long reading of the log', function () {
  this.timeout(180_000);
  let node: AnEmbeddedNode;
  let connection: Connection;

  before(async () => {
    node = await anEmbeddedNode();
    connection = connect(node.url);
    const store = eventStoreDb(connection, inMemoryKeys());
    const events: ThingEvent[] = [made(), ...Array.from({ length: EACH - 1 }, broken)];
    for (let nth = 0; nth < STREAMS; nth += 1)
      await store.append(`thing-long${nth}`, thingEvents, events, {
        ...{ expected: 'no-stream', meta: { ...meta, commandId: String(nth) } },
      });
  });
  after(async () => {
    await connection.dispose();
    await node.close();
  });

  /** What is found in each piece, with something done after each. */
  const found = async (after: bigint, meanwhile: (nth: number) => Promise<void>) => {
    const pieces: bigint[][] = [];
    const pick = ({ streamId, position }: { streamId: string; position: { commit: bigint } }) =>
      streamId.startsWith('thing-long') ? position.commit : undefined;
    for await (const { events } of longRead(connection, after, pick)) {
      pieces.push([...events]);
      await meanwhile(pieces.length);
    }
    return pieces;
  };
  const nothing = () => Promise.resolve();

  it('comes in pieces, each event once and in order, from wherever it begins', async () => {
    const pieces = await found(BEGINNING, nothing);
    const all = pieces.flat();
    expect(pieces.length).to.be.greaterThan(3);
    expect(all).to.have.length(STREAMS * EACH);
    expect(all).to.deep.equal(all.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(all).size).to.equal(all.length);
    const middle = all[1_000] ?? 0n;
    expect((await found(middle, nothing)).flat()).to.deep.equal(all.slice(1_001));
    expect((await found(all.at(-1) ?? 0n, nothing)).flat()).to.deep.equal([]);
  });

  it('goes on where it was when the server goes and comes again', async () => {
    const whole = (await found(BEGINNING, nothing)).flat();
    const interrupted = await found(BEGINNING, async (nth) => {
      if (nth !== 2) return;
      await node.stop();
      await node.start();
    });
    expect(interrupted.flat()).to.deep.equal(whole);
  });

  it('leaves no call open when nobody reads on', async () => {
    for (let nth = 0; nth < 120; nth += 1)
      for await (const { events } of longRead(connection, BEGINNING, () => true)) {
        expect(events).not.to.deep.equal([]);
        break;
      }
    expect((await found(BEGINNING, nothing)).flat()).to.have.length(STREAMS * EACH);
  });
});
