import { specFor } from '#shared/testing/spec-for.ts';
import { sale } from './decider.ts';
import {
  accepted,
  attempted,
  begin,
  calculated,
  end,
  failed,
  givenUp,
  giveUp,
  received,
  refused,
  resend,
  resendRequested,
  settle,
  settled,
  uncertain,
} from './examples.ts';

const { given } = specFor(sale);
const sold = [received(), calculated()];
const lost = [...sold, attempted(), uncertain()];

const cameTo = {
  accepted: { outcome: 'accepted', httpStatus: 201, body: '{"id":"77"}', partnerId: '77' },
  failed: { outcome: 'failed', httpStatus: 500, body: 'Oops', final: false, error: 'HTTP 500' },
  uncertain: { outcome: 'uncertain', why: 'timed-out', error: 'No answer' },
} as const;

describe('A sale', () => {
  describe('has its cashback forwarded', () => {
    it('with the attempt on record before the call', () => {
      given(...sold)
        .when(begin(1))
        .thenOnce(attempted(1))
        .thenRefused('sale-not-forwardable');
    });

    it('by one attempt at a time, in their order', () => {
      given(...sold)
        .when(begin(2))
        .thenRefused('sale-not-forwardable');
      given(...sold, attempted(1))
        .when(begin(2))
        .thenRefused('sale-not-forwardable');
      given(...sold, attempted(1), failed())
        .when(begin(2))
        .thenOnce(attempted(2))
        .thenRefused('sale-not-forwardable');
    });

    it('until it is accepted', () => {
      given(...sold, attempted())
        .when(end(cameTo.accepted))
        .then(accepted());
      given(...sold, attempted(), accepted())
        .when(begin(2))
        .thenRefused('sale-not-forwardable');
    });

    it('again when it failed, and not when nobody knows what became of it', () => {
      given(...sold, attempted())
        .when(end(cameTo.failed))
        .then(failed());
      given(...sold, attempted())
        .when(end(cameTo.uncertain))
        .then(uncertain());
      given(...lost)
        .when(begin(2))
        .thenRefused('sale-not-forwardable');
    });

    it('until it is given up, and even then again if somebody wants it so', () => {
      const spent = [...sold, attempted(), failed()];
      given(...spent)
        .when(giveUp())
        .then(givenUp());
      given(...spent, givenUp())
        .when(begin(2))
        .thenOnce(attempted(2))
        .thenRefused('sale-not-forwardable');
      given(...spent, givenUp(), attempted(2), failed({ attempt: 2 }))
        .when(giveUp())
        .then(givenUp());
    });

    it('and is not given up while an attempt is under way, or after all is known', () => {
      given(...sold, attempted())
        .when(giveUp())
        .thenRefused('sale-not-forwardable');
      given(...lost)
        .when(giveUp())
        .then();
      given(...sold, attempted(), accepted())
        .when(giveUp())
        .then();
    });

    it('not at all when it was refused, or never received', () => {
      for (const command of [begin(), end(cameTo.accepted), giveUp()]) {
        given(refused()).when(command).thenRefused('sale-not-forwardable');
        given().when(command).thenRefused('sale-not-forwardable');
      }
      given(...sold)
        .when(end(cameTo.accepted))
        .thenRefused('sale-not-forwardable');
    });
  });

  describe('of which it was not known what became', () => {
    it('is accepted after all when that is found out late', () => {
      given(...lost)
        .when(end(cameTo.accepted))
        .then(accepted());
      given(...lost, accepted())
        .when(resend())
        .thenRefused('sale-already-accepted');
    });

    it('is still for somebody to see to when the call is known to have failed', () => {
      given(...lost)
        .when(end(cameTo.failed))
        .then(failed());
      given(...lost, failed())
        .when(begin(2))
        .thenRefused('sale-not-forwardable');
      given(...lost, failed())
        .when(settle())
        .thenOnce(settled())
        .thenRefused('sale-not-uncertain');
    });

    it('hears of an outcome once', () => {
      given(...lost)
        .when(end(cameTo.uncertain))
        .then();
      given(...sold, attempted(), accepted())
        .when(end(cameTo.failed))
        .then();
      given(...sold, attempted(), failed())
        .when(end(cameTo.accepted))
        .then();
    });

    it('keeps the outcome of its last attempt when an earlier one is heard of', () => {
      const again = [...lost, resendRequested(), attempted(2)];
      given(...again)
        .when(end(cameTo.failed, 1))
        .then(failed());
      given(...again, failed())
        .when(end(cameTo.accepted, 2))
        .then(accepted({ attempt: 2 }));
      given(...again, accepted())
        .when(end(cameTo.uncertain, 2))
        .then(uncertain({ attempt: 2 }));
      given(...again, accepted(), uncertain({ attempt: 2 }))
        .when(resend())
        .thenRefused('sale-already-accepted');
    });
  });
});
