import { specFor } from '#shared/testing/spec-for.ts';
import { sale } from './decider.ts';
import {
  accepted,
  attempted,
  begin,
  calculated,
  givenUp,
  receive,
  received,
  refusalContinued,
  refused,
  refuseSale,
  resend,
  resendRequested,
  settle,
  settled,
  uncertain,
} from './examples.ts';

const { given } = specFor(sale);
const sold = [received(), calculated()];
const lost = [...sold, attempted(), uncertain()];

describe('A sale', () => {
  it('is received with what it gives, once', () => {
    given()
      .when(receive())
      .thenOnce(...sold)
      .thenRefused('sale-already-received');
  });

  it('that is refused is kept, once', () => {
    given().when(refuseSale()).thenOnce(refused()).thenRefused('sale-already-received');
    given(refused(), refusalContinued()).when(receive()).thenRefused('sale-already-received');
  });

  it('of somebody who was erased is refused without a word of what was sent', () => {
    given()
      .when(refuseSale(null))
      .thenOnce(refused({ received: null, errors: null }))
      .thenRefused('sale-already-received');
  });

  describe('is sent again by an operator', () => {
    it('when it failed or nobody knows', () => {
      given(...lost)
        .when(resend())
        .then(resendRequested());
      given(...sold, givenUp())
        .when(resend())
        .then(resendRequested());
      given(...lost, resendRequested())
        .when(begin(2))
        .thenOnce(attempted(2))
        .thenRefused('sale-not-forwardable');
    });

    it('but not while it is being forwarded anyway', () => {
      given(...sold)
        .when(resend())
        .then();
      given(...sold, attempted())
        .when(resend())
        .then();
    });

    it('but not when it has arrived, was refused, or is not there', () => {
      given(...sold, attempted(), accepted())
        .when(resend())
        .thenRefused('sale-already-accepted');
      given(refused()).when(resend()).thenRefused('sale-refused');
      given().when(resend()).thenRefused('sale-not-found');
    });
  });

  describe('is settled by an operator', () => {
    it('when nobody knows what became of it', () => {
      given(...lost)
        .when(settle())
        .thenOnce(settled())
        .thenRefused('sale-not-uncertain');
      given(...lost)
        .when(settle('FAILED'))
        .thenOnce(settled({ outcome: 'FAILED' }))
        .thenRefused('sale-not-uncertain');
    });

    it('and is then what they said it is', () => {
      given(...lost, settled())
        .when(resend())
        .thenRefused('sale-already-accepted');
      given(...lost, settled({ outcome: 'FAILED' }))
        .when(resend())
        .then(resendRequested());
    });

    it('and in no other case', () => {
      for (const events of [sold, [...sold, givenUp()], [...sold, attempted(), accepted()]])
        given(...events)
          .when(settle())
          .thenRefused('sale-not-uncertain');
      given(refused()).when(settle()).thenRefused('sale-not-uncertain');
      given().when(settle()).thenRefused('sale-not-found');
    });
  });
});
