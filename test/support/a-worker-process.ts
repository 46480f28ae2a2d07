import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { carryOut } from './carrying-out.ts';

// A process of its own, to be killed in the middle of an attempt: it says so when it has begun.

const [url = ''] = process.argv.slice(2);

carryOut(url, inMemoryEventStore(), [
  {
    kind: 'polish',
    carryOut: async ({ id }) => {
      process.stdout.write(`${id}\n`);
      await new Promise(() => undefined);
    },
  },
]);
