import { expect } from 'chai';
import { specFor } from '#shared/testing/spec-for.ts';
import type { Matched } from './commands.ts';
import { conciliation } from './decider.ts';
import {
  aConciliation,
  anOperator,
  completed,
  endConciliation,
  failed,
  giveUpConciliation,
  matched,
  noon,
  startConciliation,
  started,
} from './examples.ts';

describe('A conciliation', () => {
  it('is started once for a statement', () => {
    specFor(conciliation).given().when(startConciliation()).then(started());
    specFor(conciliation).given(started()).when(startConciliation()).then();
    specFor(conciliation).given(started(), completed()).when(startConciliation()).then();
  });

  it('ends with a report when rows and cents come out even on both sides', () => {
    specFor(conciliation).given(started()).when(endConciliation()).then(completed());
    specFor(conciliation).given(started(), completed()).when(endConciliation()).then();
  });

  it('ends without a report when a row, a cent, or one row for another is amiss', () => {
    const { read } = matched;
    const wrong: readonly Partial<Matched['read']['ours']>[] = [
      { rows: 1 },
      { amountInCents: 2_999 },
      { identity: '301' },
    ];
    for (const side of ['ours', 'theirs'] as const)
      for (const change of wrong) {
        const categorised = { ...read, [side]: { ...read[side], ...change } };
        const decision = conciliation.decide(
          endConciliation({ categorised }),
          conciliation.evolve(conciliation.initialState, started()),
        );
        const [event] = decision.outcome === 'accepted' ? decision.events : [];
        expect(event?.type, `${side} ${JSON.stringify(change)}`).to.equal('ConciliationFailed');
      }
  });

  it('ends without a report when what no item is about is not the same on both sides', () => {
    const { ours, theirs } = matched.pairs;
    for (const change of [{ rows: 3 }, { amountInCents: 2_999 }, { fingerprint: '78' }]) {
      const decision = conciliation.decide(
        endConciliation({ pairs: { ours, theirs: { ...theirs, ...change } } }),
        conciliation.evolve(conciliation.initialState, started()),
      );
      const [event] = decision.outcome === 'accepted' ? decision.events : [];
      expect(event?.type, JSON.stringify(change)).to.equal('ConciliationFailed');
    }
  });

  it('ends without a report when its categories add up to something else', () => {
    for (const name of ['ourRows', 'theirRows', 'oursInCents', 'theirsInCents'] as const) {
      const categories = matched.categories.map((one, nth) =>
        nth === 0 ? { ...one, [name]: one[name] + 1 } : one,
      );
      specFor(conciliation)
        .given(started())
        .when(endConciliation({ categories }))
        .then(failed('The categories do not add up to what was read'));
    }
  });

  it('that failed may be tried again, and come out well', () => {
    specFor(conciliation)
      .given(started(), failed('No answer', 'given-up'))
      .when(endConciliation())
      .then(completed());
  });

  it('that is given up has failed, unless it has ended', () => {
    specFor(conciliation)
      .given(started())
      .when(giveUpConciliation())
      .then(failed('No answer', 'given-up'));
    specFor(conciliation).given(started(), completed()).when(giveUpConciliation()).then();
    specFor(conciliation).given().when(giveUpConciliation()).thenRefused('conciliation-not-found');
  });

  it('has what its statement confirms settled, once, when it has come to a report', () => {
    const reason = 'The partner lists them';
    const at = { conciliationId: aConciliation, at: noon };
    const settle = {
      type: 'SettleConfirmed',
      data: { ...at, by: anOperator, reason },
    } as const;
    const requested = {
      type: 'ConciliationSettlementRequested',
      data: { ...at, by: anOperator, reason, items: 2 },
    } as const;
    const end = { type: 'EndSettlement', data: { ...at, settled: 1, left: 1 } } as const;
    const settled = { type: 'ConciliationSettled', data: end.data } as const;
    const confirming = (ourRows: number) => {
      const sums = { ourRows, theirRows: ourRows, oursInCents: 0, theirsInCents: 0 };
      return completed({ categories: [{ name: 'CONFIRMS_UNCERTAIN', ...sums }] });
    };
    const given = specFor(conciliation).given;
    given(started(), confirming(2)).when(settle).then(requested);
    given(started(), confirming(2), requested).when(end).then(settled);
    given(started(), confirming(2), requested, settled).when(settle).then();
    given(started(), confirming(0)).when(settle).then();
    given(started(), confirming(2)).when(end).then();
    given(started()).when(settle).thenRefused('conciliation-not-completed');
    given(started(), failed('No answer')).when(settle).thenRefused('conciliation-not-completed');
    given().when(settle).thenRefused('conciliation-not-found');
  });
});
