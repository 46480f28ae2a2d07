import type { AccountId, SaleId, SubjectId } from '#shared/ids.ts';
import type { Instant, Named } from '#shared/kernel/message.ts';
import type { AttemptOutcome, SaleCommand } from './commands.ts';
import type { BuyerEvent, SaleEvent } from './events.ts';

export const noon = '2026-01-15T12:00:00.000Z' as Instant;
export const aSale = '5d0b2a52-3c5e-5a0e-9d0a-000000000501' as SaleId;
export const anotherSale = '5d0b2a52-3c5e-5a0e-9d0a-000000000502' as SaleId;
export const anErp = '5d0b2a52-3c5e-5a0e-9d0a-0000000005e1' as AccountId;
export const anotherErp = '5d0b2a52-3c5e-5a0e-9d0a-0000000005e2' as AccountId;
export const anOperator = '5d0b2a52-3c5e-5a0e-9d0a-0000000005f1' as AccountId;
export const aBuyer = '5d0b2a52-3c5e-5a0e-9d0a-0000000005b1' as SubjectId;

/** What an ERP posts; 14.00 of cashback. */
export const erpSale = {
  sold_at: '2026-01-02 00:00:00',
  customer: { document: '52998224725', name: 'JOSE DA SILVA' },
  total: '100.00',
  products: [
    { type: 'A', value: '10.00', qty: 1 },
    { type: 'B', value: '10.00', qty: 9 },
  ],
};

const about = { saleId: aSale, at: noon };
const receipt = { ...about, receivedFrom: anErp, subjectId: aBuyer };
const sold = { soldAt: '2026-01-02T03:00:00.000Z' as Instant, soldOn: '2026-01-02' };
const content = {
  ...{ ...receipt, document: '52998224725', name: 'JOSE DA SILVA', ...sold, totalInCents: 10_000 },
  lines: [
    ['A', 1_000, 1],
    ['B', 1_000, 9],
  ] as [string, number, number][],
};
const arithmetic = [
  [1_000, '5', 50],
  [9_000, '15', 1_350],
] as [number, string, number][];
const calculation = { ruleSet: '1', cashbackInCents: 1_400 };

type Data<Type extends SaleEvent['type']> = Named<SaleEvent, Type>['data'];

/** One valid example of each message; name only what the spec is about. */
export const received = (data: Partial<Data<'SaleReceived'>> = {}): SaleEvent => ({
  type: 'SaleReceived',
  data: { ...content, warnings: [], ...data },
});
export const calculated = (data: Partial<Data<'CashbackCalculated'>> = {}): SaleEvent => ({
  type: 'CashbackCalculated',
  data: { ...about, ...calculation, lines: arithmetic, ...data },
});

const flaw = { pointer: '/customer/document', code: 'cpf', message: 'is not a valid CPF' };
const refusal = {
  ...{ ...receipt, soldOn: '2026-01-02', errorsInAll: 1 },
  ...{ received: '{"total":"1.00"}', parts: 1 },
};
export const refused = (data: Partial<Data<'SaleRefused'>> = {}): SaleEvent => ({
  type: 'SaleRefused',
  data: { ...refusal, reasons: ['cpf'], errors: JSON.stringify([flaw]), ...data },
});
export const refusalContinued = (part = 2, text = ' '): SaleEvent => ({
  type: 'SaleRefusalContinued',
  data: { ...about, subjectId: aBuyer, part, received: text },
});

const attempt = { ...about, subjectId: aBuyer };
export const attempted = (nth = 1): SaleEvent => ({
  type: 'CashbackForwardAttempted',
  data: { ...attempt, attempt: nth },
});
export const accepted = (data: Partial<Data<'CashbackAccepted'>> = {}): SaleEvent => ({
  type: 'CashbackAccepted',
  data: { ...attempt, attempt: 1, httpStatus: 201, body: '{"id":"77"}', partnerId: '77', ...data },
});
export const failed = (data: Partial<Data<'CashbackForwardFailed'>> = {}): SaleEvent => ({
  type: 'CashbackForwardFailed',
  data: {
    ...{ ...attempt, attempt: 1, httpStatus: 500, body: 'Oops', final: false },
    error: 'HTTP 500',
    ...data,
  },
});
export const uncertain = (data: Partial<Data<'CashbackForwardUncertain'>> = {}): SaleEvent => ({
  type: 'CashbackForwardUncertain',
  data: { ...attempt, attempt: 1, body: null, why: 'timed-out', error: 'No answer', ...data },
});
export const givenUp = (data: Partial<Data<'CashbackForwardGivenUp'>> = {}): SaleEvent => ({
  type: 'CashbackForwardGivenUp',
  data: { ...about, why: 'attempts-spent', error: 'HTTP 500', ...data },
});

const decision = { ...about, by: anOperator, reason: 'They say they never got it' };
export const resendRequested = (data: Partial<Data<'SaleResendRequested'>> = {}): SaleEvent => ({
  type: 'SaleResendRequested',
  data: { ...decision, subjectId: aBuyer, ...data },
});
export const settled = (data: Partial<Data<'SaleSettled'>> = {}): SaleEvent => ({
  type: 'SaleSettled',
  data: { ...decision, outcome: 'ACCEPTED', ...data },
});

export const buyerNamed = (name = 'JOSE DA SILVA', saleId = aSale): BuyerEvent => ({
  type: 'BuyerNamed',
  data: { subjectId: aBuyer, saleId, name, at: noon },
});

export const receive = (): SaleCommand => ({
  type: 'ReceiveSale',
  data: { ...content, ...calculation, warnings: [], calculated: arithmetic },
});
export const refuseSale = (text: string | null = refusal.received): SaleCommand => ({
  type: 'RefuseSale',
  data: { ...refusal, received: text, errors: [flaw] },
});
export const begin = (nth = 1): SaleCommand => ({
  type: 'BeginForward',
  data: { ...about, attempt: nth },
});
export const end = (came: AttemptOutcome, nth = 1): SaleCommand => ({
  type: 'EndForward',
  data: { ...about, attempt: nth, came },
});
export const giveUp = (): SaleCommand => ({
  type: 'GiveUpForward',
  data: { ...about, why: 'attempts-spent', error: 'HTTP 500' },
});
export const resend = (): SaleCommand => ({ type: 'ResendSale', data: decision });
export const settle = (outcome: 'ACCEPTED' | 'FAILED' = 'ACCEPTED'): SaleCommand => ({
  type: 'SettleSale',
  data: { ...decision, outcome },
});
