import { randomUUID } from 'node:crypto';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { Contract, Schemas } from '#shared/kernel/message.ts';
import { meta } from '../recorded.ts';

/** A stream of which nobody has heard, since a real store may hold those of earlier runs. */
export const aStream = (category = 'thing') => `${category}-${randomUUID()}`;

export const by = (commandId: string) => ({ ...meta, commandId });
export const first = { expected: 'no-stream', meta } as const;
export const happened = { type: 'OtherHappened', data: { otherId: '1' } } as const;

/** The log after a position, to its present end. */
export const logAfter = async <S extends Schemas>(
  store: EventStore,
  contract: Contract<S>,
  after: bigint,
) => {
  const pages = [];
  for await (const page of store.pages(contract, after)) pages.push(page);
  return { events: pages.flatMap(({ events }) => events), upTo: pages.at(-1)?.upTo };
};
