import type { Fold } from '#shared/kernel/fold.ts';
import type { Recorded } from '#shared/kernel/event-store.ts';
import type { Named } from '#shared/kernel/message.ts';
import { saleEvents, type SaleEvent } from './events.ts';
import type { SaleAttempt, SaleRow } from './view.ts';

type SaleFold = Fold<(typeof saleEvents)['schemas'], SaleRow>;
type Of<Type extends SaleEvent['type']> = Recorded<Named<SaleEvent, Type>>;

type Unweighed = Omit<SaleRow, 'revision' | 'weight'>;

/** What is the same whether it was received or refused. */
const begun = ({ data, position }: Of<'SaleReceived'> | Of<'SaleRefused'>) => ({
  sale_id: data.saleId,
  received_from: data.receivedFrom,
  subject_id: data.subjectId,
  sold_on: data.soldOn,
  received_at: new Date(data.at),
  position: String(position),
  ...{ cashback: '0', rule_set: null, calculated: [], partner_id: null, attempts: [] },
});

const received = (event: Of<'SaleReceived'>): Unweighed => {
  const { document, name, soldAt, totalInCents, lines, warnings } = event.data;
  return {
    ...{ ...begun(event), status: 'CALCULATED', document, name, lines, warnings },
    sold_at: new Date(soldAt),
    total: String(totalInCents),
    ...{ errors: null, received: [], received_parts: 0, reasons: [] },
  };
};

const refused = (event: Of<'SaleRefused'>): Unweighed => {
  const { errors, received: text, parts, reasons, soldAt, totalInCents } = event.data;
  return {
    ...{ ...begun(event), status: 'REFUSED', errors, reasons, received_parts: parts },
    received: text === null ? [] : [text],
    sold_at: soldAt === undefined ? null : new Date(soldAt),
    total: totalInCents === undefined ? null : String(totalInCents),
    ...{ document: null, name: null, lines: [], warnings: [] },
  };
};

type Ended = Of<'CashbackAccepted'> | Of<'CashbackForwardFailed'> | Of<'CashbackForwardUncertain'>;

const OUTCOMES = {
  CashbackAccepted: 'ACCEPTED',
  CashbackForwardFailed: 'FAILED',
  CashbackForwardUncertain: 'UNCERTAIN',
} as const;

/** The attempt with what came of it. */
const attempts = (row: SaleRow, { type, data }: Ended): readonly SaleAttempt[] =>
  row.attempts.map((attempt, nth) =>
    nth + 1 === data.attempt
      ? {
          at: attempt.at,
          outcome: OUTCOMES[type],
          ...(data.httpStatus !== undefined && { httpStatus: data.httpStatus }),
          ...(data.body !== null && { body: data.body }),
          ...('error' in data && { error: data.error }),
        }
      : attempt,
  );

/** What is accepted stays so; what an earlier attempt came to is past. */
const isOpen = ({ status, attempts }: SaleRow, { data }: Ended) =>
  status === 'CALCULATED' && data.attempt === attempts.length;

type Changes = {
  readonly [Type in SaleEvent['type']]: (row: SaleRow, event: Of<Type>) => Partial<SaleRow>;
};

const changes: Omit<Changes, 'SaleReceived' | 'SaleRefused'> = {
  CashbackCalculated: (_row, { data }) => ({
    rule_set: data.ruleSet,
    calculated: data.lines,
    cashback: String(data.cashbackInCents),
  }),
  SaleRefusalContinued: (row, { data }) =>
    data.received === null ? {} : { received: [...row.received, data.received] },
  CashbackForwardAttempted: (row, { data }) => ({
    status: 'CALCULATED',
    attempts: [...row.attempts, { at: data.at, outcome: 'PENDING' }],
  }),
  CashbackAccepted: (row, event) => ({
    status: 'ACCEPTED',
    attempts: attempts(row, event),
    partner_id: event.data.partnerId ?? null,
  }),
  CashbackForwardFailed: (row, event) => ({ attempts: attempts(row, event) }),
  CashbackForwardUncertain: (row, event) => ({
    attempts: attempts(row, event),
    ...(isOpen(row, event) && { status: 'UNCERTAIN' }),
  }),
  CashbackForwardGivenUp: () => ({ status: 'FAILED' }),
  SaleResendRequested: () => ({ status: 'CALCULATED' }),
  SaleSettled: (_row, { data }) => ({
    status: data.outcome,
    partner_id: data.partnerId ?? null,
  }),
};

const BYTES = { sale: 500, line: 90, attempt: 150 };

const lengthOf = (texts: readonly (string | undefined)[]) =>
  texts.reduce((sum, text = '') => sum + text.length, 0);

const weightOf = ({ lines, received, attempts }: Unweighed): number =>
  BYTES.sale +
  BYTES.line * lines.length +
  BYTES.attempt * attempts.length +
  lengthOf([...received, ...attempts.map(({ body }) => body)]);

const next = (row: SaleRow | undefined, event: Recorded<SaleEvent>): Unweighed | undefined => {
  if (event.type === 'SaleReceived') return received(event);
  if (event.type === 'SaleRefused') return refused(event);
  // The name and the data of one event belong together; the compiler sees them one by one.
  const change = changes[event.type] as (row: SaleRow, event: Recorded) => Partial<SaleRow>;
  return row && { ...row, ...change(row, event) };
};

const evolve: SaleFold['evolve'] = (row, event) => {
  const sale = next(row, event);
  return sale && { ...sale, weight: weightOf(sale), revision: Number(event.revision) };
};

export const saleFold: SaleFold = {
  streamsOf: (id) => [`sale-${id}`],
  events: saleEvents,
  evolve,
};
