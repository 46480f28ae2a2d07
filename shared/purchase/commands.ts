import type { Static } from 'typebox';
import type { AccountId, PurchaseId, ResellerId } from '#shared/ids.ts';
import { Day, type Month } from '#shared/kernel/calendar.ts';
import { CpfText, type Cpf } from '#shared/kernel/cpf.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';
import { AmountText } from '#shared/kernel/money.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

/** What a caller has to say. The rest of a command is known without asking. */
export type Registration = Static<typeof Registration>;
export const Registration = closed({
  /** Whoever sold it gave it this code; spaces around it would make another one of it. */
  code: Type.String({ maxLength: 64, pattern: '^\\S(?:.*\\S)?$' }),
  amount: AmountText,
  date: Day,
  cpf: CpfText,
});

export type Change = Static<typeof Change>;
export const Change = closed({ amount: Type.Optional(AmountText), date: Type.Optional(Day) });

export const Rejection = closed({ reason: Type.String({ minLength: 1, maxLength: 500 }) });

type Whose = {
  readonly purchaseId: PurchaseId;
  /** On whose behalf it is asked for; an administrator may ask for any reseller. */
  readonly onBehalfOf: ResellerId | 'any reseller';
  /** Those of the months in question that are closed. */
  readonly closedMonths: readonly Month[];
  readonly at: Instant;
};

type Verdict = {
  readonly purchaseId: PurchaseId;
  readonly by: AccountId;
  readonly at: Instant;
};

export type PurchaseCommand =
  | Message<
      'RegisterPurchase',
      {
        readonly purchaseId: PurchaseId;
        readonly resellerId: ResellerId;
        readonly cpf: Cpf;
        readonly code: string;
        readonly amountInCents: number;
        readonly date: Day;
        readonly closedMonths: readonly Month[];
        readonly at: Instant;
      }
    >
  | Message<
      'ChangePurchase',
      Whose & { readonly amountInCents?: number | undefined; readonly date?: Day | undefined }
    >
  | Message<'WithdrawPurchase', Whose & { readonly by: AccountId }>
  | Message<'ApprovePurchase', Verdict>
  | Message<'RejectPurchase', Verdict & { readonly reason: string }>;
