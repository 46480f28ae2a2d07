import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { SaleId, SubjectId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { saleEvents, type SaleEvent } from '#shared/sale/events.ts';
import { calculated, received } from '#shared/sale/examples.ts';
import type { SaleRow } from '#shared/sale/view.ts';
import { meta } from '#shared/testing/recorded.ts';
import { sales } from '../../projections/sale/sales-view.ts';
import type { ForwardingProcess } from './a-forwarding-process.ts';

const SCRIPT = new URL('./a-forwarding-process.ts', import.meta.url).pathname;

/** A process that forwards cashbacks, until it is ended or comes to where it dies. */
export const startForwarding = (given: ForwardingProcess): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', SCRIPT, JSON.stringify(given)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });

export const endForwarding = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
};

/** A sale that is told from others by what it is called, and by its cashback in the partner's calls. */
export const aSaleCalled = (name: string, cashbackInCents: number) => {
  const saleId = derivedId('sale called', name) as SaleId;
  const stream = `sale-${saleId}`;
  return {
    stream,
    sell: (eventStore: EventStore) => {
      const buyer = { subjectId: derivedId('buyer', name) as SubjectId };
      const events: SaleEvent[] = [
        received({ saleId, ...buyer }),
        calculated({ saleId, cashbackInCents }),
      ];
      return eventStore.append(stream, saleEvents, events, { expected: 'no-stream', meta });
    },
    /** As it is shown. */
    row: async (eventStore: EventStore): Promise<SaleRow | undefined> => {
      const { events } = await eventStore.read(stream, saleEvents);
      return events.reduce<SaleRow | undefined>(
        (folded, event) => sales.evolve(folded, event, saleId),
        undefined,
      );
    },
  };
};
