import {
  aStation,
  aSwap,
  completed,
  expired,
  failed,
  ignored,
  noon,
  published,
  started,
} from '#shared/swap/examples.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { transactions } from './transactions-view.ts';

const { given } = viewSpecFor(transactions);
const decided_at = new Date(noon);
const reply = { at: noon, payload: 'confirm transaction {14}' };

describe('The transactions view', () => {
  it('shows what was started as pending', () => {
    given(started(), published()).shows({
      ...{ swap_id: aSwap, number: '14', station_id: aStation, status: 'PENDING' },
      ...{ started_at: new Date(noon), decided_at: null, replies: [], position: '0', revision: 1 },
    });
  });

  it('shows the verdict, and the reply that gave it', () => {
    const confirmed = [{ ...reply, verdict: 'confirm' as const }];
    const refused = [{ ...reply, verdict: 'error' as const }];
    given(started(), completed()).shows({ status: 'COMPLETED', decided_at, replies: confirmed });
    given(started(), failed()).shows({ status: 'FAILED', decided_at, replies: refused });
    given(started(), expired()).shows({ status: 'EXPIRED', decided_at, replies: [] });
  });

  it('shows replies that changed nothing, in the order in which they came', () => {
    given(started(), ignored('garbled', { payload: 'cnfirm' }), expired(), ignored('late')).shows({
      status: 'EXPIRED',
      replies: [
        { at: noon, payload: 'cnfirm', verdict: 'garbled' },
        { ...reply, verdict: 'late' },
      ],
      revision: 3,
    });
  });
});
