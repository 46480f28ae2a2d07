import type { PurchaseId, ResellerId } from '#shared/ids.ts';
import { monthOf, type Day, type Month } from '#shared/kernel/calendar.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { PurchaseCommand } from './commands.ts';
import type { PurchaseEvent } from './events.ts';

/** Whose purchases nobody has to look at. */
const APPROVED_AT_ONCE = '15350946056';

export type Status = 'IN_VALIDATION' | 'APPROVED' | 'REJECTED' | 'WITHDRAWN';

export type Registered = {
  readonly status: Status;
  readonly purchaseId: PurchaseId;
  readonly resellerId: ResellerId;
  readonly code: string;
  readonly amountInCents: number;
  readonly date: Day;
};
export type Purchase = { readonly status: 'none' } | Registered;

export type PurchaseRefusal =
  | 'purchase-code-taken'
  | 'purchase-not-found'
  | 'purchase-not-in-validation'
  | 'purchase-already-decided'
  | 'month-closed';

type Outcome = Decision<PurchaseEvent, PurchaseRefusal>;

const isIn = (closedMonths: readonly Month[], date: Day) => closedMonths.includes(monthOf(date));

const factsOf = ({ purchaseId, resellerId, amountInCents, date }: Registered) => ({
  ...{ purchaseId, resellerId },
  ...{ amountInCents, date },
});

const register = (
  { data }: Named<PurchaseCommand, 'RegisterPurchase'>,
  purchase: Purchase,
): Outcome => {
  const { cpf, closedMonths, ...registered } = data;
  if (purchase.status !== 'none') return refuse('purchase-code-taken');
  if (isIn(closedMonths, data.date)) return refuse('month-closed');
  const events: PurchaseEvent[] = [{ type: 'PurchaseRegistered', data: registered }];
  if (cpf === APPROVED_AT_ONCE) {
    const { purchaseId, resellerId, amountInCents, date, at } = data;
    const facts = { purchaseId, resellerId, amountInCents, date, at };
    events.push({ type: 'PurchaseApproved', data: facts });
  }
  return accept(...events);
};

/** Nobody hears of a purchase of somebody else; in a closed month nothing changes any more. */
const changeable = (
  {
    onBehalfOf,
    closedMonths,
  }: Named<PurchaseCommand, 'ChangePurchase' | 'WithdrawPurchase'>['data'],
  purchase: Purchase,
): Registered | PurchaseRefusal => {
  if (purchase.status === 'none') return 'purchase-not-found';
  if (onBehalfOf !== 'any reseller' && onBehalfOf !== purchase.resellerId)
    return 'purchase-not-found';
  return isIn(closedMonths, purchase.date) ? 'month-closed' : purchase;
};

const change = (
  { data }: Named<PurchaseCommand, 'ChangePurchase'>,
  purchase: Purchase,
): Outcome => {
  const found = changeable(data, purchase);
  if (typeof found === 'string') return refuse(found);
  if (found.status !== 'IN_VALIDATION') return refuse('purchase-not-in-validation');

  const { purchaseId, resellerId, ...before } = factsOf(found);
  const { amountInCents = before.amountInCents, date = before.date, closedMonths, at } = data;
  if (isIn(closedMonths, date)) return refuse('month-closed');
  if (amountInCents === before.amountInCents && date === before.date) return accept();
  const after = { amountInCents, date };
  return accept({ type: 'PurchaseChanged', data: { purchaseId, resellerId, before, after, at } });
};

const withdraw = (
  { data }: Named<PurchaseCommand, 'WithdrawPurchase'>,
  purchase: Purchase,
): Outcome => {
  const found = changeable(data, purchase);
  if (typeof found === 'string') return refuse(found);
  switch (found.status) {
    case 'IN_VALIDATION': {
      const { by, at } = data;
      return accept({ type: 'PurchaseWithdrawn', data: { ...factsOf(found), by, at } });
    }
    case 'WITHDRAWN':
      return accept();
    case 'APPROVED':
    case 'REJECTED':
      return refuse('purchase-not-in-validation');
  }
};

/** A verdict is final: the same one again changes nothing, any other comes too late. */
const decideOn = (
  command: Named<PurchaseCommand, 'ApprovePurchase' | 'RejectPurchase'>,
  purchase: Purchase,
): Outcome => {
  if (purchase.status === 'none') return refuse('purchase-not-found');
  const { type, data } = command;
  const verdict = type === 'ApprovePurchase' ? 'APPROVED' : 'REJECTED';
  if (purchase.status === verdict) return accept();
  if (purchase.status !== 'IN_VALIDATION') return refuse('purchase-already-decided');
  const facts = { ...factsOf(purchase), by: data.by, at: data.at };
  return type === 'ApprovePurchase'
    ? accept({ type: 'PurchaseApproved', data: facts })
    : accept({ type: 'PurchaseRejected', data: { ...facts, reason: command.data.reason } });
};

const decide = (command: PurchaseCommand, purchase: Purchase): Outcome => {
  switch (command.type) {
    case 'RegisterPurchase':
      return register(command, purchase);
    case 'ChangePurchase':
      return change(command, purchase);
    case 'WithdrawPurchase':
      return withdraw(command, purchase);
    case 'ApprovePurchase':
    case 'RejectPurchase':
      return decideOn(command, purchase);
  }
};

const changed = (purchase: Purchase, changes: Partial<Registered>): Purchase =>
  purchase.status === 'none' ? purchase : { ...purchase, ...changes };

const evolve = (purchase: Purchase, { type, data }: PurchaseEvent): Purchase => {
  switch (type) {
    case 'PurchaseRegistered': {
      const { purchaseId, resellerId, code, amountInCents, date } = data;
      const content = { code, amountInCents, date };
      return { status: 'IN_VALIDATION', purchaseId, resellerId, ...content };
    }
    case 'PurchaseChanged':
      return changed(purchase, data.after);
    case 'PurchaseWithdrawn':
      return changed(purchase, { status: 'WITHDRAWN' });
    case 'PurchaseApproved':
      return changed(purchase, { status: 'APPROVED' });
    case 'PurchaseRejected':
      return changed(purchase, { status: 'REJECTED' });
  }
};

/** What a reseller bought, from registration to an analyst's verdict. */
export const purchase: Decider<Purchase, PurchaseCommand, PurchaseEvent, PurchaseRefusal> = {
  initialState: { status: 'none' },
  decide,
  evolve,
};
