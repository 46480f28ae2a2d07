import { expect } from 'chai';
import fc from 'fast-check';
import type { OurSaleRow } from '#shared/conciliation/view.ts';
import { sale } from '#shared/sale/decider.ts';
import {
  accepted,
  attempted,
  calculated,
  failed,
  givenUp,
  received,
  refused,
  resendRequested,
  settled,
  uncertain,
} from '#shared/sale/examples.ts';
import type { SaleEvent } from '#shared/sale/events.ts';
import { recorded } from '#shared/testing/recorded.ts';
import { ourSales } from './our-sales-view.ts';

const SEED = 8;

const folded = (events: readonly SaleEvent[]) =>
  recorded(events).reduce<OurSaleRow | undefined>(
    (row, event) => ourSales.evolve(row, event, event.data.saleId),
    undefined,
  );

describe('Our side of a conciliation', () => {
  it('has how a sale stands, and how it stood before', () => {
    const row = folded([
      ...[received(), calculated(), attempted(), uncertain()],
      settled({ outcome: 'ACCEPTED', partnerId: '77' }),
    ]);
    expect(row).to.deep.include({
      ...{ status: 'ACCEPTED', partner_id: '77', attempts: 1, position: '4' },
      ...{ received_position: '0', cashback: '1400', rule_set: '1' },
      earlier: [
        ['0', 'CALCULATED', null, 0],
        ['2', 'CALCULATED', null, 1],
        ['3', 'UNCERTAIN', null, 1],
      ],
    });
  });

  it('has what was refused, with what could be understood of it', () => {
    expect(folded([refused({ totalInCents: 100 })])).to.deep.include({
      ...{ status: 'REFUSED', total: '100', cashback: '0', sold_at: null, document: null },
    });
  });

  it('agrees with the rules on how a sale stands, whatever happens to it', () => {
    const happening = fc.constantFrom<SaleEvent>(
      ...[attempted(1), attempted(2), accepted(), accepted({ attempt: 2 }), failed()],
      ...[failed({ attempt: 2 }), uncertain(), uncertain({ attempt: 2 }), givenUp()],
      ...[resendRequested(), settled(), settled({ outcome: 'FAILED' })],
    );
    const histories = fc.array(happening, { maxLength: 12 });
    const property = fc.property(histories, (happened) => {
      // Attempts are counted from 1 on, without a gap.
      let attempts = 0;
      const events = happened.filter(({ type, data }) => {
        if (type !== 'CashbackForwardAttempted')
          return !('attempt' in data) || data.attempt <= attempts;
        if (data.attempt !== attempts + 1) return false;
        attempts += 1;
        return true;
      });
      const all = [received(), calculated(), ...events];
      const state = all.reduce(sale.evolve, sale.initialState);
      expect(folded(all)?.status).to.equal(state.status);
    });
    fc.assert(property, { seed: SEED, numRuns: 500 });
  });
});
