import type { Static } from 'typebox';
import type { AccountId, SaleId, SubjectId } from '#shared/ids.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';
import { closed, oneOf, type Flaw } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

export const LONGEST_NAME = 1_000;
export const LARGEST_QTY = 1_000_000_000;

/** A sale as an ERP posts it. The names are the partner's, and so is what they mean. */
export const ErpSale = closed({
  /** What the clock showed in São Paulo: `2026-01-02 00:00:00`. */
  sold_at: Type.String({ examples: ['2026-01-02 00:00:00'] }),
  customer: closed({
    /** A CPF. */
    document: Type.String({ examples: ['52998224725'] }),
    name: Type.String({ maxLength: LONGEST_NAME, examples: ['JOSE DA SILVA'] }),
  }),
  /** The exact sum of `value` x `qty`. */
  total: Type.String({ examples: ['100.00'] }),
  products: Type.Array(
    closed({
      type: Type.String({ examples: ['A'] }),
      /** The unit price. */
      value: Type.String({ examples: ['10.00'] }),
      qty: Type.Integer({ minimum: 1, maximum: LARGEST_QTY, examples: [1] }),
    }),
    { minItems: 1 },
  ),
});

const Reason = Type.String({ minLength: 1, maxLength: 500 });
const PartnerId = Type.String({ minLength: 1, maxLength: 200 });

export const Resend = closed({ reason: Reason });

export type Settlement = Static<typeof Settlement>;
export const Settlement = closed({
  outcome: oneOf(['ACCEPTED', 'FAILED']),
  reason: Reason,
  /** What the partner calls it, where the partner has it. */
  partnerId: Type.Optional(PartnerId),
});

/** Why a call did not come to an answer that says what became of it. */
export const UNCERTAINTIES = [
  'timed-out',
  'broken-off',
  'unexpected-status',
  'process-died',
] as const;
export type Uncertainty = (typeof UNCERTAINTIES)[number];

/** What came of one attempt. `body` is what was received, as text. */
export type AttemptOutcome = {
  readonly httpStatus?: number;
  readonly body?: string;
} & (
  | { readonly outcome: 'accepted'; readonly partnerId?: string }
  | { readonly outcome: 'failed'; readonly final: boolean; readonly error: string }
  | { readonly outcome: 'uncertain'; readonly why: Uncertainty; readonly error: string }
);

type OnSale = { readonly saleId: SaleId; readonly at: Instant };
type Received = OnSale & {
  readonly receivedFrom: AccountId;
  /** Whose key it is sealed under. */
  readonly subjectId: SubjectId;
};

export type SaleCommand =
  | Message<
      'ReceiveSale',
      Received & {
        readonly document: string;
        readonly name: string;
        readonly soldAt: Instant;
        readonly soldOn: string;
        readonly totalInCents: number;
        readonly lines: readonly (readonly [string, number, number])[];
        readonly warnings: readonly { readonly code: string; readonly saleId: string }[];
        readonly ruleSet: string;
        readonly calculated: readonly (readonly [number, string, number])[];
        readonly cashbackInCents: number;
      }
    >
  | Message<
      'RefuseSale',
      Received & {
        readonly errors: readonly Flaw[];
        readonly errorsInAll: number;
        /** What was sent, as text, or as much as fits; nothing when it may not be kept. */
        readonly received: string | null;
        readonly parts: number;
        readonly soldOn: string;
        readonly soldAt?: Instant;
        readonly totalInCents?: number;
      }
    >
  | Message<'BeginForward', OnSale & { readonly attempt: number }>
  | Message<'EndForward', OnSale & { readonly attempt: number; readonly came: AttemptOutcome }>
  | Message<
      'GiveUpForward',
      OnSale & { readonly why: 'attempts-spent' | 'person-erased'; readonly error: string }
    >
  | Message<'ResendSale', OnSale & { readonly by: AccountId; readonly reason: string }>
  | Message<'SettleSale', OnSale & { readonly by: AccountId } & Settlement>;
