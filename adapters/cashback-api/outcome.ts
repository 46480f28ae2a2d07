import { reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import type { Forwarded } from '#shared/sale/ports.ts';
import type { Exchange } from './exchange.ts';

const CREATED = 201;
/** Client errors that another attempt may mend: a time-out of theirs, too early, too many. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

const readCredit = reader(
  Type.Object({
    createdAt: Type.String(),
    message: Type.String(),
    id: Type.String(),
    document: Type.String(),
    cashback: Type.String(),
  }),
);

/** What the partner calls it, be it `NaN`; nothing when the answer is not what it should be. */
const partnerIdIn = (body: string): string | undefined => {
  try {
    return readCredit(JSON.parse(body)).id;
  } catch {
    // Whatever else it says, it was accepted: the body is kept as it is.
    return undefined;
  }
};

const ofAnswer = (httpStatus: number, body: string): Forwarded => {
  const answered = { httpStatus, body };
  if (httpStatus === CREATED) {
    const partnerId = partnerIdIn(body);
    return { ...answered, outcome: 'accepted', ...(partnerId !== undefined && { partnerId }) };
  }
  const error = `The cashback API answered ${httpStatus}`;
  if (httpStatus >= 400 && httpStatus <= 599) {
    const final = httpStatus < 500 && !PASSING.has(httpStatus);
    return { ...answered, outcome: 'failed', final, error };
  }
  return { ...answered, outcome: 'uncertain', why: 'unexpected-status', error };
};

/** What a call means for the cashback, in our words. */
export const outcomeOf = (exchange: Exchange): Forwarded => {
  switch (exchange.came) {
    case 'answer':
      return ofAnswer(exchange.status, exchange.body);
    case 'not-sent':
      return {
        outcome: 'failed',
        final: false,
        error: `The cashback API could not be reached: ${exchange.error}`,
      };
    case 'broken-off':
    case 'timed-out': {
      const { came: why, status, body } = exchange;
      const error = `The cashback API may have it or not: ${exchange.error}`;
      const seen = {
        ...(status !== undefined && { httpStatus: status }),
        ...(body !== undefined && { body }),
      };
      return { outcome: 'uncertain', why, error, ...seen };
    }
  }
};
