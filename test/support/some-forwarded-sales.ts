import { expect } from 'chai';
import type { ASystem } from './a-system.ts';
import { ask, aUser, type AUser } from './a-user.ts';
import { waitUntil } from './wait-until.ts';

const LONGEST_WAIT_MS = 60_000;
const KNOWN = ['ACCEPTED', 'UNCERTAIN'];

export type ForwardedSale = {
  readonly id: string;
  readonly status: string;
  readonly document: string;
  readonly partnerId?: string;
};

/** As sales are listed, each with what became of its cashback as far as that is known. */
export const salesSeenBy = async (operator: AUser): Promise<readonly ForwardedSale[]> => {
  const { status, body } = await operator.get('/v1/sales');
  return status === 200 ? (body as { readonly items: readonly ForwardedSale[] }).items : [];
};

/**
 * A sale of 100.00 to each of these, forwarded to the partner; of one of them nobody knows what
 * became of it, since the partner hung up.
 */
export const someForwardedSales = async (
  system: ASystem,
  documents: readonly string[],
  { uncertain, seenBy }: { readonly uncertain: string; readonly seenBy: AUser },
): Promise<readonly ForwardedSale[]> => {
  const erp = await aUser(system, 'erp');
  const behaviour = { api: 'cashback', mode: 'drop-after', only: uncertain, times: 1 };
  await ask('PUT', `${system.sandbox}/sandbox/behaviour`, { body: behaviour });
  for (const document of documents) {
    const products = [{ type: 'A', value: '10.00', qty: 10 }];
    const customer = { document, name: 'ALGUEM' };
    const sale = { sold_at: '2026-01-02 00:00:00', customer, total: '100.00', products };
    expect((await erp.post('/v1/cashback', sale)).status).to.equal(201);
  }
  let sales: readonly ForwardedSale[] = [];
  await waitUntil(
    'what became of the cashback is known',
    async () => {
      sales = await salesSeenBy(seenBy);
      const isKnown = sales.every(({ status }) => KNOWN.includes(status));
      return sales.length === documents.length && isKnown;
    },
    LONGEST_WAIT_MS,
  );
  return sales;
};
