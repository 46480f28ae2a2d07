import type { SaleId, SubjectId } from '#shared/ids.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { SaleCommand } from './commands.ts';
import type { SaleEvent } from './events.ts';
import { evolve, isReceived, type ReceivedSale, type Sale } from './state.ts';

export type SaleRefusal =
  | 'sale-not-found'
  | 'sale-already-received'
  | 'sale-refused'
  | 'sale-already-accepted'
  | 'sale-not-uncertain'
  | 'sale-not-forwardable';

type Outcome = Decision<SaleEvent, SaleRefusal>;

const receive = ({ data }: Named<SaleCommand, 'ReceiveSale'>, sale: Sale): Outcome => {
  if (sale.status !== 'none') return refuse('sale-already-received');
  const { ruleSet, calculated, cashbackInCents, lines, warnings, ...received } = data;
  const { saleId, at } = data;
  const ours = lines.map((line): [string, number, number] => [...line]);
  const known = warnings.map((warning) => ({ ...warning, saleId: warning.saleId as SaleId }));
  return accept(
    { type: 'SaleReceived', data: { ...received, lines: ours, warnings: known } },
    {
      type: 'CashbackCalculated',
      data: {
        ...{ saleId, at, ruleSet, cashbackInCents },
        lines: calculated.map((line): [number, string, number] => [...line]),
      },
    },
  );
};

const keepRefused = ({ data }: Named<SaleCommand, 'RefuseSale'>, sale: Sale): Outcome => {
  if (sale.status !== 'none') return refuse('sale-already-received');
  const { errors, ...refused } = data;
  const reasons = [...new Set(errors.map(({ code }) => code))];
  // Under the same key as what was sent: neither is kept of a person who was erased.
  const kept = data.received === null ? null : JSON.stringify(errors);
  return accept({ type: 'SaleRefused', data: { ...refused, reasons, errors: kept } });
};

const isUnderWay = ({ attempts }: ReceivedSale) => attempts.at(-1) === 'under-way';

const begin = (
  { data: { saleId, attempt, at } }: Named<SaleCommand, 'BeginForward'>,
  sale: Sale,
): Outcome => {
  if (!isReceived(sale)) return refuse('sale-not-forwardable');
  const { status, attempts, subjectId, settled } = sale;
  // What was given up may be tried afresh; what somebody settled, only when they want it resent.
  const isWanted = status === 'CALCULATED' || (status === 'FAILED' && !settled);
  // Whoever else has begun it is at it, or died of it: in neither case is it to be called again.
  const mayBegin = isWanted && !isUnderWay(sale);
  if (!mayBegin || attempt !== attempts.length + 1) return refuse('sale-not-forwardable');
  return accept({ type: 'CashbackForwardAttempted', data: { saleId, subjectId, attempt, at } });
};

const closing = (
  { data: { saleId, attempt, at, came } }: Named<SaleCommand, 'EndForward'>,
  subjectId: SubjectId,
): SaleEvent => {
  const { httpStatus, body = null } = came;
  const answer = { body, ...(httpStatus !== undefined && { httpStatus }) };
  const ended = { saleId, subjectId, attempt, at, ...answer };
  switch (came.outcome) {
    case 'accepted': {
      const { partnerId } = came;
      const data = { ...ended, ...(partnerId !== undefined && { partnerId }) };
      return { type: 'CashbackAccepted', data };
    }
    case 'failed': {
      const { final, error } = came;
      return { type: 'CashbackForwardFailed', data: { ...ended, final, error } };
    }
    case 'uncertain': {
      const { why, error } = came;
      return { type: 'CashbackForwardUncertain', data: { ...ended, why, error } };
    }
  }
};

/** Known late is known all the same: whoever took a call for lost may still be told the outcome. */
const end = (command: Named<SaleCommand, 'EndForward'>, sale: Sale): Outcome => {
  if (!isReceived(sale)) return refuse('sale-not-forwardable');
  const { attempt, came } = command.data;
  const known = sale.attempts[attempt - 1];
  if (known === undefined) return refuse('sale-not-forwardable');
  const isNews = known === 'under-way' || (known === 'uncertain' && came.outcome !== 'uncertain');
  return isNews ? accept(closing(command, sale.subjectId)) : accept();
};

const giveUp = ({ data }: Named<SaleCommand, 'GiveUpForward'>, sale: Sale): Outcome => {
  if (!isReceived(sale) || isUnderWay(sale)) return refuse('sale-not-forwardable');
  if (sale.status !== 'CALCULATED') return accept();
  return accept({ type: 'CashbackForwardGivenUp', data });
};

/** What is still being forwarded needs nobody to ask for it. */
const resend = ({ data }: Named<SaleCommand, 'ResendSale'>, sale: Sale): Outcome => {
  switch (sale.status) {
    case 'none':
      return refuse('sale-not-found');
    case 'REFUSED':
      return refuse('sale-refused');
    case 'ACCEPTED':
      return refuse('sale-already-accepted');
    case 'CALCULATED':
      return accept();
    case 'FAILED':
    case 'UNCERTAIN':
      return accept({ type: 'SaleResendRequested', data: { ...data, subjectId: sale.subjectId } });
  }
};

const settle = ({ data }: Named<SaleCommand, 'SettleSale'>, sale: Sale): Outcome => {
  if (sale.status === 'none') return refuse('sale-not-found');
  if (sale.status !== 'UNCERTAIN') return refuse('sale-not-uncertain');
  return accept({ type: 'SaleSettled', data });
};

const decide = (command: SaleCommand, sale: Sale): Outcome => {
  switch (command.type) {
    case 'ReceiveSale':
      return receive(command, sale);
    case 'RefuseSale':
      return keepRefused(command, sale);
    case 'BeginForward':
      return begin(command, sale);
    case 'EndForward':
      return end(command, sale);
    case 'GiveUpForward':
      return giveUp(command, sale);
    case 'ResendSale':
      return resend(command, sale);
    case 'SettleSale':
      return settle(command, sale);
  }
};

/** One sale of an ERP: received or refused once, and its cashback forwarded, knowingly, once. */
export const sale: Decider<Sale, SaleCommand, SaleEvent, SaleRefusal> = {
  initialState: { status: 'none' },
  decide,
  evolve,
};
