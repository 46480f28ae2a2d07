import type { CashbackBalance } from '#shared/cashback-month/ports.ts';
import { reader, Unreadable } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

/** So much of what the partner says is passed on. */
const LONGEST_MESSAGE = 500;

const readAnswer = reader(
  Type.Object({
    statusCode: Type.Integer(),
    body: Type.Object({
      credit: Type.Optional(Type.Union([Type.Number(), Type.String({ maxLength: 64 })])),
      message: Type.Optional(Type.String()),
    }),
  }),
);

/** Of a refusal, whether it may pass: the partner is to blame then, or we asked too often. */
export type BalanceAnswer = CashbackBalance & { readonly mayPass: boolean };

const TOO_MANY = 429;
const UNREADABLE: BalanceAnswer = { outcome: 'unavailable', mayPass: true };

const understood = (body: string) => {
  try {
    return readAnswer(JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Unreadable) return undefined;
    throw error;
  }
};

/** What the partner says. Its inner `statusCode` decides, whatever the HTTP status around it is. */
export const balanceFrom = (body: string): BalanceAnswer => {
  const answer = understood(body);
  if (!answer) return UNREADABLE;
  const { statusCode, body: inner } = answer;
  if (statusCode === 200)
    return inner.credit === undefined
      ? UNREADABLE
      : { outcome: 'known', credit: inner.credit, mayPass: false };
  return {
    outcome: 'refused',
    message: (inner.message ?? `It said ${statusCode}, and not why`).slice(0, LONGEST_MESSAGE),
    mayPass: statusCode >= 500 || statusCode === TOO_MANY,
  };
};
