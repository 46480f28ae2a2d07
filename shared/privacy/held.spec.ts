import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { customerEvents } from '#shared/customer/events.ts';
import { registered, removed } from '#shared/customer/examples.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { aboutPeople, heldIn } from './held.ts';

const shared = new URL('../', import.meta.url);

describe('What is held about people', () => {
  it('is told in clear, and is nothing any more once they are erased', async () => {
    const keys = inMemoryKeys();
    const eventStore = inMemoryEventStore({ keys });
    const { data } = registered();
    const stream = `customer-${data.customerId}`;
    const options = { expected: 'no-stream', meta } as const;
    await eventStore.append(stream, customerEvents, [registered(), removed()], options);
    const held = heldIn(eventStore);

    const [first, last] = await held([stream, 'favourite-nobody', 'of-no-contract']);
    expect(first).to.deep.equal({
      ...{ stream, revision: 0, type: 'CustomerRegistered', at: meta.at, data },
    });
    expect(last).to.include({ revision: 1, type: 'CustomerRemoved' });

    await keys.destroy(data.subjectId);
    const [erased] = await held([stream]);
    expect(erased?.data).to.include({ name: null, email: null });
  });

  it('is looked for wherever there are personal fields', async () => {
    const files = await readdir(shared, { recursive: true });
    const categories = new Set(aboutPeople.flatMap((contract) => [...contract.categories]));
    const missing: string[] = [];
    for (const file of files.filter((name) => /^[^/]+\/events\.ts$/.test(name))) {
      const text = await readFile(new URL(file, shared), 'utf8');
      const declared = text.split(/(?=^export const \w+ = contract\()/m).slice(1);
      for (const part of declared) {
        const category = /contract\('(\w+)'/.exec(part)?.[1] ?? '';
        if (part.includes('subjectId') && !categories.has(category)) missing.push(category);
      }
    }
    expect(missing).to.deep.equal([]);
  });
});
