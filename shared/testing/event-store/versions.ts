import { expect } from 'chai';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { firstRelicEvents, relicEvents } from '../a-thing.ts';
import { meta } from '../recorded.ts';
import { aStream, first } from './support.ts';

export const itReadsOlderVersions = (store: () => EventStore): void => {
  it('reads what was written in an older version', async () => {
    const name = aStream('relic');
    const found = { type: 'RelicFound', data: { relicId: '1', size: '7' } } as const;
    const next = { type: 'RelicFound', data: { relicId: '2', sizeInMm: 5 } } as const;
    await store().append(name, firstRelicEvents, [found], first);
    await store().append(name, relicEvents, [next], { expected: 0n, meta });

    const { events } = await store().read(name, relicEvents);
    expect(events.map(({ data }) => data)).to.deep.equal([
      { relicId: '1', sizeInMm: 70 },
      { relicId: '2', sizeInMm: 5 },
    ]);
  });
};
