import type { AccountId, SaleId, SubjectId } from '#shared/ids.ts';
import type { Instant, Named } from '#shared/kernel/message.ts';
import type { Flaw } from '#shared/kernel/schema.ts';
import type { SaleCommand } from '#shared/sale/commands.ts';
import type { Understood } from '#shared/sale/intake.ts';
import { dayOf } from '#shared/sale/local-time.ts';
import { partsOf } from './refused-body.ts';

/** So many of the errors are told and kept; all are counted. */
const MOST_ERRORS = 100;
/** A pointer may hold a name that somebody chose, of any length. */
const LONGEST_POINTER = 200;

const PERSON_ERASED: Flaw = {
  pointer: '/customer/document',
  code: 'person-erased',
  message: 'is of somebody about whom nothing more may be kept',
};

/** Which sale, as it came, from whom and when; and under whose key it is kept. */
export type Origin = {
  readonly saleId: SaleId;
  readonly subjectId: SubjectId;
  readonly from: AccountId;
  readonly at: Instant;
  readonly text: string;
};

type RefuseSale = Named<SaleCommand, 'RefuseSale'>;

const shortened = ({ pointer, code, message }: Flaw): Flaw => ({
  pointer: pointer.slice(0, LONGEST_POINTER).toWellFormed(),
  code,
  message,
});

/** Keeps what was sent, what is wrong with it, and what could be understood all the same. */
export const refusalOf = (
  { saleId, subjectId, from, at, text }: Origin,
  errors: readonly Flaw[],
  { soldAt, soldOn, totalInCents }: Understood,
): RefuseSale => {
  const parts = partsOf(text);
  return {
    type: 'RefuseSale',
    data: {
      ...{ saleId, subjectId, receivedFrom: from, at, soldOn: soldOn ?? dayOf(at) },
      ...(soldAt !== undefined && { soldAt }),
      ...(totalInCents !== undefined && { totalInCents }),
      ...{ errors: errors.slice(0, MOST_ERRORS).map(shortened), errorsInAll: errors.length },
      ...{ received: parts[0] ?? '', parts: parts.length },
    },
  };
};

/** Whoever was erased stays so: what is sent about them is refused, and not a word of it kept. */
export const refusalOfErased = (origin: Origin, understood: Understood): RefuseSale => {
  const { type, data } = refusalOf(origin, [PERSON_ERASED], understood);
  return { type, data: { ...data, received: null, parts: 0 } };
};
