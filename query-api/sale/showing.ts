import { cpfOf, maskedCpf } from '#shared/kernel/cpf.ts';
import { amountText } from '#shared/kernel/money.ts';
import type { Flaw } from '#shared/kernel/schema.ts';
import { unstorableIn } from '#shared/platform/http/storable.ts';
import type { SaleAttempt } from '#shared/sale/view.ts';
import { maskedName, maskedPointer, maskedReceived, maskedText } from './masking.ts';
import type { OpenedSale } from './opening.ts';

type Person = { readonly document: string | null; readonly name: string | null };

const money = (cents: string): string => amountText(Number(cents));

/** As JSON if it can be sent as such: what is nested beyond measure is shown as it came. */
const receivedOf = ({ received }: OpenedSale): unknown => {
  if (received === null) return null;
  const json: unknown = received === '' ? {} : JSON.parse(received);
  return unstorableIn(json).some(({ code }) => code === 'nesting') ? received : json;
};

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** The buyer of a refused sale is who it says, as far as it says so. */
const personIn = (sale: OpenedSale): Person => {
  if (sale.status !== 'REFUSED') return sale;
  const { customer } = (receivedOf(sale) ?? {}) as { readonly customer?: unknown };
  const { document, name } = (customer ?? {}) as Partial<Record<keyof Person, unknown>>;
  const written = textIn(document);
  return { document: written === null ? null : (cpfOf(written) ?? written), name: textIn(name) };
};

const masked = ({ document, name }: Person): Person => ({
  document: document === null ? null : cpfOf(document) === undefined ? '***' : maskedCpf(document),
  name: name === null ? null : maskedName(name),
});

/** Of errors about a person who was erased, only the kinds are known. */
const errorsOf = ({ errors, reasons }: OpenedSale): readonly Flaw[] =>
  errors === null
    ? reasons.map((code) => ({ pointer: '', code, message: 'is not kept any more' }))
    : (JSON.parse(errors) as Flaw[]);

const refusalOf = (sale: OpenedSale, seesPeople: boolean) => {
  if (sale.status !== 'REFUSED') return {};
  const errors = errorsOf(sale);
  const received = receivedOf(sale);
  if (seesPeople) return { errors, received };
  return {
    errors: errors.map((flaw) => ({ ...flaw, pointer: maskedPointer(flaw.pointer, flaw.code) })),
    received: received === null ? null : maskedReceived(received),
  };
};

const linesOf = ({ lines, calculated }: OpenedSale) =>
  lines.map(([type, value, qty], nth) => {
    const [, percent = '0', cashback = 0] = calculated[nth] ?? [];
    return { type, value: amountText(value), qty, percent, cashback: amountText(cashback) };
  });

/** A sale as somebody sees it who may know whose it is, or may not. */
export const saleFor = (seesPeople: boolean) => (sale: OpenedSale) => {
  const person = personIn(sale);
  const { document, name } = seesPeople ? person : masked(person);
  const attempt = ({ body, ...rest }: SaleAttempt) => ({
    ...rest,
    ...(body !== undefined && { body: seesPeople ? body : maskedText(body, person.name) }),
  });
  return {
    id: sale.sale_id,
    status: sale.status,
    document,
    name,
    soldAt: sale.sold_at?.toISOString() ?? null,
    total: sale.total === null ? null : money(sale.total),
    cashback: money(sale.cashback),
    ruleSet: sale.rule_set,
    lines: linesOf(sale),
    ...(sale.partner_id !== null && { partnerId: sale.partner_id }),
    attempts: sale.attempts.map(attempt),
    ...(sale.warnings.length > 0 && { warnings: sale.warnings }),
    ...refusalOf(sale, seesPeople),
  };
};
