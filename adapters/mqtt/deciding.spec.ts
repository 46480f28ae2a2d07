import { expect } from 'chai';
import { swapEvents, type SwapEvent } from '#shared/swap/events.ts';
import { aSwap, completed, failed, hear, noon, publish, started } from '#shared/swap/examples.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { meta } from '#shared/testing/recorded.ts';
import { swapsIn, type Started } from './deciding.ts';

const stream = `swap-${aSwap}`;
const actor = { id: 'equipment', role: 'equipment' };

const stage = async () => {
  const store = inMemoryEventStore();
  let reads = 0;
  const swaps = swapsIn({
    ...store,
    read: (...asked) => {
      reads += 1;
      return store.read(...asked);
    },
  });
  const add = (event: SwapEvent, expected: bigint | 'no-stream', commandId = event.type) =>
    store.append(stream, swapEvents, [event], { expected, meta: { ...meta, commandId } });
  await add(started(), 'no-stream');
  const log = async () => (await store.read(stream, swapEvents)).events;
  const decide = (command: Parameters<typeof swaps.decide>[1], commandId: string) =>
    swaps.decide(aSwap, command, { commandId, actor, at: noon });
  const types = async () => (await log()).map(({ type }) => type);
  return { swaps, add, log, types, decide, reads: () => reads };
};
const asked = publish() as Parameters<Awaited<ReturnType<typeof stage>>['decide']>[0];
const said = (...words: Parameters<typeof hear>) => hear(...words) as typeof asked;

describe('Transactions that a gateway knows', () => {
  it('are not read when their start has just passed by', async () => {
    const { swaps, log, decide, types, reads } = await stage();
    swaps.remember((await log())[0] as Started);
    await decide(asked, 'published');
    await decide(said('confirm'), 'heard');
    await decide(said('error', 'delivery-2'), 'heard again');
    expect(reads()).to.equal(0);
    expect(await types()).to.deep.equal([
      ...['SwapStarted', 'SwapPublished', 'SwapCompleted', 'EquipmentReplyIgnored'],
    ]);
  });

  it('are read when somebody else was first, and decided anew', async () => {
    const { swaps, log, decide, add, types, reads } = await stage();
    swaps.remember((await log())[0] as Started);
    await add(failed({ deliveryId: 'of another gateway' }), 0n);
    await decide(said('confirm'), 'heard');
    expect(reads()).to.equal(1);
    expect(await types()).to.deep.equal(['SwapStarted', 'SwapFailed', 'EquipmentReplyIgnored']);
    const last = (await log()).at(-1);
    expect(last?.data).to.include({ why: 'contradictory' });
  });

  it('take replies in the order in which they came, though they come at once', async () => {
    const { decide, log } = await stage();
    const deliveries = Array.from({ length: 20 }, (_, nth) => `delivery-${nth}`);
    await Promise.all(deliveries.map((one) => decide(said('confirm', one), one)));
    const heard = (await log()).flatMap(({ data }) =>
      'deliveryId' in data ? [data.deliveryId] : [],
    );
    expect(heard).to.deep.equal(deliveries);
  });

  it('count a delivery once, however often it is handled', async () => {
    const { decide, types, add } = await stage();
    await add(completed({ deliveryId: 'delivery-1' }), 0n);
    await decide(said('confirm', 'delivery-1'), 'heard');
    await decide(said('confirm', 'delivery-1'), 'heard');
    expect(await types()).to.deep.equal(['SwapStarted', 'SwapCompleted']);
  });

  it('are not known when they were never started', async () => {
    const { swaps, reads } = await stage();
    const other = said('confirm');
    const refused = () =>
      swaps.decide('73776170-0000-8000-8000-0000000000ff' as typeof aSwap, other, {
        ...{ commandId: 'c', actor, at: noon },
      });
    expect([await refused(), await refused()]).to.deep.equal(
      Array(2).fill('transaction-not-found'),
    );
    expect(reads()).to.equal(2);
  });

  it('follow from the request that they were started by', async () => {
    const { decide, log } = await stage();
    await decide(asked, 'published');
    const [start, published] = await log();
    expect(published?.meta).to.include({
      correlationId: start?.meta.correlationId,
      causationId: start?.id,
      commandId: 'published',
    });
  });
});
