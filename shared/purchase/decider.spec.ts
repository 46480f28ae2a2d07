import type { Day } from '#shared/kernel/calendar.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { specFor } from '#shared/testing/spec-for.ts';
import { purchase } from './decider.ts';
import {
  anotherReseller,
  anyReseller,
  approve,
  approved,
  approvedAtOnce,
  change,
  changed,
  inDecember,
  january,
  register,
  registered,
  reject,
  rejected,
  withdraw,
  withdrawn,
} from './examples.ts';

const { given } = specFor(purchase);
const decided = [approved(), rejected()];

describe('A purchase', () => {
  it('is registered once under its code', () => {
    given().when(register()).thenOnce(registered()).thenRefused('purchase-code-taken');
  });

  it('does not take over the code of another, whoever’s that is and whatever became of it', () => {
    const another = register({ resellerId: anotherReseller });
    for (const end of [approved(), rejected(), withdrawn()])
      given(registered(), end).when(another).thenRefused('purchase-code-taken');
  });

  it('is approved at once for one CPF, and for no other', () => {
    given()
      .when(register({ cpf: '15350946056' as Cpf }))
      .thenOnce(registered(), approvedAtOnce())
      .thenRefused('purchase-code-taken');
    given()
      .when(register({ cpf: '15350946137' as Cpf }))
      .thenOnce(registered())
      .thenRefused('purchase-code-taken');
  });

  it('has to exist to be changed, withdrawn or decided', () => {
    for (const command of [change(), withdraw(), approve(), reject()])
      given().when(command).thenRefused('purchase-not-found');
  });

  it('changes its amount, its day, or both while it is in validation', () => {
    const date = inDecember;
    given(registered())
      .when(change({ amountInCents: 1 }))
      .then(changed({ amountInCents: 1 }));
    given(registered()).when(change({ date })).then(changed({ date }));
    given(registered(), changed({ amountInCents: 1 }))
      .when(change({ amountInCents: 2, date }))
      .then(changed({ amountInCents: 2, date }, { amountInCents: 1 }));
  });

  it('takes what it is already for no news', () => {
    given(registered())
      .when(change({ amountInCents: 80_000 }))
      .then();
    given(registered()).when(change()).then();
  });

  it('is withdrawn while it is in validation', () => {
    given(registered()).when(withdraw()).then(withdrawn());
    given(registered(), changed({ amountInCents: 5 }))
      .when(withdraw())
      .then(withdrawn({ amountInCents: 5 }));
    given(registered(), withdrawn()).when(withdraw()).then();
  });

  it('stays as it is once it is decided or withdrawn', () => {
    for (const verdict of decided) {
      given(registered(), verdict).when(change()).thenRefused('purchase-not-in-validation');
      given(registered(), verdict).when(withdraw()).thenRefused('purchase-not-in-validation');
    }
    given(registered(), withdrawn()).when(change()).thenRefused('purchase-not-in-validation');
  });

  it('is approved or rejected as it stands then', () => {
    given(registered()).when(approve()).then(approved());
    given(registered(), changed({ amountInCents: 5 }))
      .when(reject())
      .then(rejected({ amountInCents: 5 }));
  });

  it('takes the verdict it has already for no news, and no other', () => {
    given(registered(), approved()).when(approve()).then();
    given(registered(), approvedAtOnce()).when(approve()).then();
    given(registered(), rejected()).when(reject()).then();
    given(registered(), approved()).when(reject()).thenRefused('purchase-already-decided');
    given(registered(), rejected()).when(approve()).thenRefused('purchase-already-decided');
    for (const verdict of [approve(), reject()])
      given(registered(), withdrawn()).when(verdict).thenRefused('purchase-already-decided');
  });

  it('does not exist for another reseller, but does for an administrator', () => {
    const another = { onBehalfOf: anotherReseller, closedMonths: [january] };
    given(registered()).when(change(another)).thenRefused('purchase-not-found');
    given(registered(), approved()).when(withdraw(another)).thenRefused('purchase-not-found');
    given(registered())
      .when(withdraw({ onBehalfOf: anyReseller }))
      .then(withdrawn());
  });

  describe('of a closed month', () => {
    const closedMonths = [january];
    const february = '2026-02-01' as Day;

    it('is not registered any more', () => {
      given().when(register({ closedMonths })).thenRefused('month-closed');
      given()
        .when(register({ closedMonths, date: february }))
        .thenOnce(registered({ date: february }))
        .thenRefused('purchase-code-taken');
    });

    it('is neither changed nor withdrawn, whatever has become of it', () => {
      given(registered()).when(change({ closedMonths })).thenRefused('month-closed');
      given(registered())
        .when(change({ closedMonths, date: february }))
        .thenRefused('month-closed');
      for (const end of [...decided, withdrawn()])
        given(registered(), end).when(withdraw({ closedMonths })).thenRefused('month-closed');
    });

    it('is not moved there from another month', () => {
      const moving = change({ closedMonths, date: '2026-01-31' as Day });
      given(registered({ date: february }))
        .when(moving)
        .thenRefused('month-closed');
    });

    it('may still be decided', () => {
      given(registered()).when(reject()).then(rejected());
    });
  });
});
