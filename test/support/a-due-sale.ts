import type { EventStore } from '#shared/kernel/event-store.ts';
import { saleEvents, type SaleEvent } from '#shared/sale/events.ts';
import { anOperator, aSale, calculated, noon, received } from '#shared/sale/examples.ts';
import type { CashbackCredit, ForwardCashback, Forwarded } from '#shared/sale/ports.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { forwardCashback } from '../../projections/sale/effects.ts';

export const dueStream = `sale-${aSale}`;

export const partnerSays = {
  accepted: { outcome: 'accepted', httpStatus: 201, body: '{}', partnerId: '77' },
  failed: { outcome: 'failed', final: false, httpStatus: 500, error: 'HTTP 500' },
  refused: { outcome: 'failed', final: true, httpStatus: 400, error: 'HTTP 400' },
  unknown: { outcome: 'uncertain', why: 'timed-out', error: 'No answer' },
} as const satisfies Record<string, Forwarded>;

/** What comes of a call during which its process dies. */
export const died = (): Promise<Forwarded> => new Promise(() => undefined);

export type Called = CashbackCredit & {
  readonly key: string;
  /** How many events about forwarding there were when it was made. */
  readonly before: number;
};

/** A log with a sale whose cashback is to be forwarded, and a partner that answers as it is told. */
export const aDueSale = async () => {
  const keys = inMemoryKeys();
  const store = inMemoryEventStore({ keys });
  await store.append(dueStream, saleEvents, [received(), calculated()], {
    expected: 'no-stream',
    meta,
  });
  const calls: Called[] = [];
  const events = async () => (await store.read(dueStream, saleEvents)).events;
  const types = async () => (await events()).slice(2).map(({ type }) => type);

  const answering =
    (come: Forwarded | (() => Promise<Forwarded>)): ForwardCashback =>
    async (credit, { idempotencyKey: key, begin }) => {
      await begin();
      calls.push({ ...credit, key, before: (await types()).length });
      return typeof come === 'function' ? come() : come;
    };

  /** Another one is another process, with a memory of its own. */
  const process = (
    come: Parameters<typeof answering>[0],
    eventStore: EventStore = store,
    forward = answering(come),
  ) => {
    const effect = forwardCashback({ eventStore, clock: () => noon, forward });
    const intent = {
      ...{ id: aSale, kind: effect.kind, stream: dueStream, data: { saleId: aSale } },
      ...{ eventId: anOperator, correlationId: 'c-1' },
    };
    const attempt = { attempt: 1, idempotencyKey: aSale };
    return {
      carryOut: (signal = new AbortController().signal) =>
        effect.carryOut(intent, { ...attempt, signal }),
      park: (round = 0) =>
        effect.onParked?.(intent, { attempts: 30, error: 'HTTP 500', round, at: noon }),
    };
  };

  return {
    ...{ keys, store, calls, events, types, process },
    /** Somebody else puts something on record about it. */
    happens: async (event: SaleEvent, commandId: string) => {
      const { revision: expected } = await store.read(dueStream, saleEvents);
      const options = { expected, meta: { ...meta, commandId } };
      await store.append(dueStream, saleEvents, [event], options);
    },
  };
};
