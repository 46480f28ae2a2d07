import { cpfOf, maskedCpf } from '#shared/kernel/cpf.ts';

const HIDDEN = '***';
const CPF = /\d{3}\.?\d{3}\.?\d{3}-?\d{2}/g;
/** What can stand in these fields without telling of anybody. */
const TIME = /^\d{4}-\d{2}-\d{2}[ T][\d:.Z]{1,16}$/;
const AMOUNT = /^-?\d{1,10}([.,]\d{1,4})?$/;
const TYPE = /^\w{1,3}$/;

/** `JOSE DA SILVA` as those see it who may not know who it is: `J***`. */
export const maskedName = (name: string): string =>
  `${/^./su.exec(name.trim())?.[0] ?? ''}${HIDDEN}`;

const maskedDocument = (document: string): string => {
  const cpf = cpfOf(document);
  return cpf === undefined ? HIDDEN : maskedCpf(cpf);
};

/** A text that somebody else wrote about a person. */
export const maskedText = (text: string, name: string | null): string => {
  const nameless =
    name === null || name.trim() === '' ? text : text.replaceAll(name, maskedName(name));
  return nameless.replaceAll(CPF, (found) => maskedCpf(found.replaceAll(/\D/g, '')));
};

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

type Shown = (value: unknown) => unknown;
const ifLike =
  (form: RegExp): Shown =>
  (value) =>
    typeof value === 'string' && form.test(value) && cpfOf(value) === undefined ? value : HIDDEN;
const text =
  (mask: (value: string) => string): Shown =>
  (value) =>
    typeof value === 'string' ? mask(value) : HIDDEN;
const number: Shown = (value) =>
  typeof value === 'number' && cpfOf(String(value).padStart(11, '0')) === undefined
    ? value
    : HIDDEN;

const some = (value: unknown, shown: Readonly<Record<string, Shown>>) =>
  Object.fromEntries(
    Object.entries(shown)
      .filter(([name]) => Object.hasOwn(fieldsOf(value), name))
      .map(([name, show]) => [name, show(fieldsOf(value)[name])]),
  );

const product: Shown = (value) =>
  some(value, { type: ifLike(TYPE), value: ifLike(AMOUNT), qty: number });

/**
 * What was sent of a refused sale, for those who may not know who it is about. Anything may stand
 * anywhere in it: only what is where it should be, in the form it should have, is shown.
 */
export const maskedReceived: Shown = (value) =>
  some(value, {
    sold_at: ifLike(TIME),
    customer: (customer) =>
      some(customer, { document: text(maskedDocument), name: text(maskedName) }),
    total: ifLike(AMOUNT),
    products: (products) => (Array.isArray(products) ? products.map(product) : HIDDEN),
  });

/** A name that nobody foresaw may be somebody's. */
export const maskedPointer = (pointer: string, code: string): string =>
  code === 'additional-properties' ? pointer.replace(/[^/]*$/, HIDDEN) : pointer;
