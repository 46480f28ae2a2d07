import { approved, registered, rejected, withdrawn } from '#shared/purchase/examples.ts';
import { purchaseIdOf } from '#shared/purchase/identity.ts';
import { erased, registered as resellerRegistered } from '#shared/reseller/examples.ts';
import { resellerIdOf } from '#shared/reseller/identity.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { recording } from './some-purchases.ts';

export const hash = keyedHash(Buffer.alloc(32, 1));
export const ANA = '52998224725' as Cpf;
export const BIA = '08948135015' as Cpf;
export const GONE = '11144477735' as Cpf;
export const ana = resellerIdOf(hash, ANA);
export const bia = resellerIdOf(hash, BIA);
const gone = resellerIdOf(hash, GONE);
export const of = (code: string, resellerId = ana) => ({
  purchaseId: purchaseIdOf(code),
  resellerId,
});
const december = '2025-12-05' as Day;

/** Ana has 800 and 300 in January and 1000.01 in December; Bia has 1500.01 in January. */
export const purchasesRecorded = async () => {
  const eventStore = inMemoryEventStore();
  const { purchase, reseller } = recording(eventStore);
  for (const [resellerId, cpf] of [[ana, ANA] as const, [bia, BIA] as const, [gone, GONE] as const])
    await reseller(resellerRegistered({ resellerId, cpf }));
  const register = (code: string, amountInCents: number, more: { date?: Day } = {}, who = ana) =>
    purchase(registered({ ...of(code, who), code, amountInCents, ...more }));
  await register('A', 800_00);
  await register('B', 300_00);
  await purchase(approved({ ...of('B'), amountInCents: 300_00 }));
  await register('C', 1_000_01, { date: december });
  await register('D', 700_00);
  await purchase(rejected({ ...of('D'), amountInCents: 700_00 }));
  await register('E', 900_00);
  await purchase(withdrawn({ ...of('E'), amountInCents: 900_00 }));
  await register('F', 1_500_01, {}, bia);
  await register('G', 10_00, { date: '2025-11-03' as Day }, gone);
  await reseller({ type: 'ResellerErased', data: { ...erased().data, resellerId: gone } } as never);
  return { eventStore, purchase };
};

/** What the query API answers of them. */
type Item = Readonly<Record<string, string>> & { readonly code: string };
export type Listed = { readonly items: readonly Item[]; readonly nextCursor: string | null };
