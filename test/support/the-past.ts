import { BEGINNING, type EventStore, type Recorded } from '#shared/kernel/event-store.ts';
import { stoodAt, type StoodAt } from '#shared/kernel/fold.ts';
import type { Contract, MessageOf, Schemas } from '#shared/kernel/message.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';

/** How things stood, by what happened in an event store. */
export const pastIn = (eventStore: Pick<EventStore, 'pages'> = inMemoryEventStore()): StoodAt =>
  stoodAt(async <S extends Schemas>(stream: string, contract: Contract<S>) => {
    const found: Recorded<MessageOf<S>>[] = [];
    for await (const { events } of eventStore.pages(contract, BEGINNING))
      found.push(...events.filter((event) => event.stream === stream));
    return found;
  });
