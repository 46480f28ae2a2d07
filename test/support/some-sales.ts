import type { Knex } from 'knex';
import type { SaleId, SubjectId } from '#shared/ids.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { personOf } from '#shared/kernel/person.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import {
  accepted,
  anotherErp,
  anotherSale,
  aSale,
  attempted,
  calculated,
  erpSale,
  received,
  refusalContinued,
  refused,
} from '#shared/sale/examples.ts';
import { saleEvents, type SaleEvent } from '#shared/sale/events.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { sales } from '../../projections/sale/sales-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { apply } from '../../projections/view.ts';

export const keys = inMemoryKeys();
export const hash = keyedHash(Buffer.alloc(32, 3));
export const jose = personOf(hash, '52998224725' as Cpf) as SubjectId;
const maria = personOf(hash, '15350946056' as Cpf) as SubjectId;
export const own = '5d0b2a52-3c5e-5a0e-9d0a-0000000005d1' as SubjectId;
export const aRefused = '5d0b2a52-3c5e-5a0e-9d0a-000000000503' as SaleId;
export const aHuge = '5d0b2a52-3c5e-5a0e-9d0a-000000000504' as SaleId;

export const saidByPartner = '{"id":"77","document":"52998224725"}';
export const sent = JSON.stringify({ ...erpSale, total: '99.00', 'JOSE E MARIA': 1 });
export const wrong = [
  { pointer: '/JOSE E MARIA', code: 'additional-properties', message: 'must NOT have it' },
  { pointer: '/total', code: 'total-mismatch', message: 'is not the sum of value x qty' },
];

/** One accepted, one of another ERP, one refused that came in two parts, one with a great many lines. */
const histories: readonly (readonly SaleEvent[])[] = [
  [
    received({ subjectId: jose }),
    calculated(),
    attempted(),
    accepted({ subjectId: jose, body: saidByPartner }),
  ],
  [
    received({
      ...{ saleId: anotherSale, receivedFrom: anotherErp, subjectId: maria, soldOn: '2026-01-10' },
      ...{ document: '15350946056', name: 'MARIA' },
      warnings: [{ code: 'known-by-another-name', saleId: aSale }],
    }),
    calculated({ saleId: anotherSale }),
  ],
  [
    refused({
      ...{ saleId: aRefused, subjectId: own, soldOn: '2026-01-12', totalInCents: 9_900 },
      ...{ reasons: wrong.map(({ code }) => code), errors: JSON.stringify(wrong) },
      ...{ received: sent.slice(0, 10), parts: 2 },
    }),
    {
      type: 'SaleRefusalContinued',
      data: { ...refusalContinued(2, sent.slice(10)).data, saleId: aRefused, subjectId: own },
    } as SaleEvent,
  ],
  [
    received({
      ...{ saleId: aHuge, receivedFrom: anotherErp, subjectId: maria, soldOn: '2026-01-15' },
      lines: Array.from({ length: 10_000 }, (): [string, number, number] => ['A', 1_000, 1]),
    }),
  ],
];

/** The view of them, in an empty database. */
export const someSales = async (db: Knex): Promise<void> => {
  const eventStore = inMemoryEventStore({ keys });
  for (const events of histories)
    await eventStore.append(`sale-${events[0]?.data.saleId ?? ''}`, saleEvents, events, {
      expected: 'no-stream',
      meta,
    });
  await checkpointSchema.up(db);
  await prepareView(db, sales);
  for await (const page of eventStore.pages(saleEvents, BEGINNING))
    await db.transaction((tx) => apply(tx, sales, page.events));
};
