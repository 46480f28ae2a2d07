import {
  aBuyer,
  accepted,
  anErp,
  anotherSale,
  aSale,
  attempted,
  calculated,
  failed,
  givenUp,
  noon,
  received,
  refusalContinued,
  refused,
  resendRequested,
  settled,
  uncertain,
} from '#shared/sale/examples.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { sales } from './sales-view.ts';

const { given } = viewSpecFor(sales);
const sold = [received(), calculated()];
const tried = [...sold, attempted()];

describe('The sales view', () => {
  it('shows what was sold and what it gives', () => {
    given(...sold).shows({
      sale_id: aSale,
      status: 'CALCULATED',
      received_from: anErp,
      subject_id: aBuyer,
      sold_at: new Date('2026-01-02T03:00:00.000Z'),
      sold_on: '2026-01-02',
      total: '10000',
      cashback: '1400',
      rule_set: '1',
      lines: [
        ['A', 1_000, 1],
        ['B', 1_000, 9],
      ],
      calculated: [
        [1_000, '5', 50],
        [9_000, '15', 1_350],
      ],
      attempts: [],
      received_at: new Date(noon),
      position: '0',
      revision: 1,
    });
  });

  it('shows what was noticed about its buyer', () => {
    const warning = { code: 'known-by-another-name', saleId: anotherSale };
    given(received({ warnings: [warning] })).shows({ warnings: [warning] });
  });

  it('shows what was refused, why, and all of what was sent', () => {
    given(
      refused({ totalInCents: 9_900, parts: 3 }),
      refusalContinued(2, 'b'),
      refusalContinued(3, 'c'),
    ).shows({
      status: 'REFUSED',
      reasons: ['cpf'],
      received: ['{"total":"1.00"}', 'b', 'c'],
      received_parts: 3,
      sold_at: null,
      sold_on: '2026-01-02',
      total: '9900',
      cashback: '0',
      rule_set: null,
      document: null,
      revision: 2,
    });
    given(refused({ received: null, errors: null, parts: 0 })).shows({
      received: [],
      errors: null,
    });
  });

  it('shows every attempt, with what was received and what it came to', () => {
    const at = noon;
    given(...tried).shows({ status: 'CALCULATED', attempts: [{ at, outcome: 'PENDING' }] });
    const refusedAt = {
      at,
      outcome: 'FAILED',
      httpStatus: 500,
      body: 'Oops',
      error: 'HTTP 500',
    } as const;
    given(...tried, failed()).shows({ status: 'CALCULATED', attempts: [refusedAt] });
    given(...tried, failed(), attempted(2), accepted({ attempt: 2 })).shows({
      status: 'ACCEPTED',
      partner_id: '77',
      attempts: [refusedAt, { at, outcome: 'ACCEPTED', httpStatus: 201, body: '{"id":"77"}' }],
      revision: 5,
    });
    given(...tried, uncertain()).shows({
      status: 'UNCERTAIN',
      attempts: [{ at, outcome: 'UNCERTAIN', error: 'No answer' }],
    });
  });

  it('shows that it was given up, and what became of it since', () => {
    given(...tried, failed(), givenUp()).shows({ status: 'FAILED' });
    given(...tried, failed(), givenUp(), resendRequested()).shows({ status: 'CALCULATED' });
    given(...tried, failed(), givenUp(), attempted(2)).shows({ status: 'CALCULATED' });
  });

  it('shows what an operator found out', () => {
    given(...tried, uncertain(), settled({ partnerId: '78' })).shows({
      status: 'ACCEPTED',
      partner_id: '78',
    });
    given(...tried, uncertain(), settled({ outcome: 'FAILED' })).shows({
      status: 'FAILED',
      partner_id: null,
    });
  });

  it('takes what is heard late for what it is', () => {
    given(...tried, uncertain(), accepted()).shows({ status: 'ACCEPTED' });
    given(...tried, uncertain(), failed()).shows({ status: 'UNCERTAIN' });
    const again = [...tried, uncertain(), resendRequested(), attempted(2)];
    given(...again, failed()).shows({ status: 'CALCULATED' });
    given(...again, accepted(), uncertain({ attempt: 2 })).shows({ status: 'ACCEPTED' });
  });

  it('knows about how much there is to show of a sale', () => {
    const lines = Array.from({ length: 1_000 }, (): [string, number, number] => ['A', 1, 1]);
    given(...sold).shows({ weight: 680 });
    given(received({ lines })).shows({ weight: 90_500 });
    given(refused({ received: 'x'.repeat(5_000) })).shows({ weight: 5_500 });
    given(...tried, failed({ body: 'x'.repeat(1_000) })).shows({ weight: 1_830 });
  });

  it('keeps its place in lists, and has nothing to show of what it never saw', () => {
    given(...tried, accepted()).shows({ position: '0' });
    given(attempted()).showsNothing();
  });
});
