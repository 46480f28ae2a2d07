import { expect } from 'chai';
import type { StationId } from '#shared/ids.ts';
import { specFor } from '#shared/testing/spec-for.ts';
import { MOST_KEPT_REPLIES, swap } from './decider.ts';
import {
  completed,
  expire,
  expired,
  failed,
  hear,
  ignored,
  publish,
  published,
  started,
  startSwap,
} from './examples.ts';

const { given } = specFor(swap);

describe('A transaction', () => {
  it('is pending first', () => {
    given().when(startSwap()).thenOnce(started()).thenRefused('transaction-already-started');
    expect(swap.evolve(swap.initialState, started())).to.include({ status: 'PENDING', number: 14 });
  });

  it('is completed by a confirmation, and failed by an error', () => {
    given(started(), published()).when(hear('confirm')).then(completed());
    given(started(), published()).when(hear('error')).then(failed());
  });

  it('takes a reply that was faster than the record of its publication', () => {
    given(started()).when(hear('confirm')).then(completed());
    given(started(), completed()).when(publish()).then(published());
  });

  it('keeps what comes after a verdict, and changes nothing', () => {
    const second = 'delivery-2';
    given(started(), completed()).when(hear('confirm', second)).then(ignored('duplicate'));
    given(started(), completed()).when(hear('error', second)).then(ignored('contradictory'));
    given(started(), failed()).when(hear('confirm', second)).then(ignored('contradictory'));
    given(started(), failed()).when(hear('error', second)).then(ignored('duplicate'));
    given(started(), expired()).when(hear('confirm', second)).then(ignored('late'));
    for (const verdict of [completed(), failed(), expired()]) {
      const before = [started(), verdict].reduce(swap.evolve, swap.initialState);
      for (const why of ['duplicate', 'contradictory', 'late', 'garbled'] as const)
        expect(swap.evolve(before, ignored(why)).status).to.equal(before.status);
    }
  });

  it('keeps what cannot be understood, and goes on waiting', () => {
    given(started()).when(hear('garbled', 'delivery-2')).then(ignored('garbled'));
    given(started(), ignored('garbled')).when(hear('confirm')).then(completed());
  });

  it('takes a delivery once, however often it is handled', () => {
    given(started(), completed()).when(hear('confirm')).then();
    given(started(), completed()).when(hear('error')).then();
    given(started(), completed(), ignored('duplicate')).when(hear('confirm', 'delivery-2')).then();
  });

  it('keeps so many replies and no more', () => {
    const flood = Array.from({ length: MOST_KEPT_REPLIES }, (_, nth) =>
      ignored('garbled', { deliveryId: `flood-${nth}` }),
    );
    given(started(), ...flood)
      .when(hear('garbled', 'one-more'))
      .then();
    given(started(), ...flood)
      .when(hear('error'))
      .then(failed());
  });

  it('expires while it is pending, and not after a verdict', () => {
    given(started(), published()).when(expire()).then(expired());
    given(started(), completed()).when(expire()).then();
    given(started(), failed()).when(expire()).then();
  });

  it('has each publication on record, and none of them twice', () => {
    given(started()).when(publish()).then(published());
    given(started(), published()).when(publish('second')).then(published('second'));
  });

  it('listens to the equipment of its own station', () => {
    const elsewhere = '5d0b2a52-3c5e-5a0e-9d0a-000000000502' as StationId;
    given(started())
      .when(hear('confirm', 'delivery-1', elsewhere))
      .thenRefused('transaction-of-another-station');
  });

  it('cannot be heard of before it was started', () => {
    for (const command of [hear('confirm'), publish(), expire()])
      given().when(command).thenRefused('transaction-not-found');
  });
});
