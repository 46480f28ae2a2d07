import { derivedId } from '#shared/kernel/identity.ts';

/** What a partner would answer; `body` goes out as JSON. */
export type Answer = { readonly status: number; readonly body: unknown };

/** Where a request ends up, and by which name it is told how to behave. */
export type Api = 'cashback' | 'balance' | 'product';

const CPF = /^\d{11}$/;
const HIGHEST_CREDIT = 5_000;

/** The same credit for the same digits, today and after a restart. */
const creditOf = (cpf: string): number => Number(cpf) % HIGHEST_CREDIT;

const inner = (statusCode: number, body: unknown): Answer => ({
  status: 200,
  body: { statusCode, body },
});

/**
 * The accumulated cashback of a person. The outer status is 200 even for a refusal; the check digits
 * are not looked at.
 */
export const balance = (cpf: unknown, token: string | undefined, expected: string): Answer => {
  if (token !== expected) return inner(401, { message: 'Token inválido' });
  if (typeof cpf !== 'string' || !CPF.test(cpf)) return inner(400, { message: 'CPF inválido' });
  return inner(200, { credit: creditOf(cpf) });
};

/** A credit that is accepted whatever it says, if only it says something. */
export const credit = (body: unknown, id: string, at: string): Answer => {
  const { document, cashback } = (body ?? {}) as Record<string, unknown>;
  if (typeof document !== 'string' || typeof cashback !== 'string')
    return { status: 400, body: { message: 'document e cashback são obrigatórios' } };
  const message = 'Cashback criado com sucesso!';
  return { status: 201, body: { createdAt: at, message, id, document, cashback } };
};

const PRODUCTS = 2_500;
const PAGE_SIZE = 100;
const THINGS = ['Fone de ouvido', 'Cafeteira', 'Cadeira', 'Bicicleta', 'Luminária', 'Mochila'];
const TRAITS = ['compacta', 'clássica', 'dobrável', 'premium', 'infantil', 'portátil', 'reforçada'];
const BRANDS = ['Aurora', 'Brisa', 'Cedro', 'Duna', 'Estrela'];

type Product = {
  readonly price: number;
  readonly image: string;
  readonly brand: string;
  readonly id: string;
  readonly title: string;
  readonly reviewScore?: number;
};

const pick = (words: readonly string[], n: number) => words[n % words.length] ?? '';

const product = (n: number): Product => {
  const id = derivedId('sandbox-product', String(n));
  const reviewed = n % 5 !== 0;
  return {
    price: (1_990 + ((n * 7_919) % 500_000)) / 100,
    image: `http://images.sandbox.example/${id}.jpg`,
    brand: pick(BRANDS, n),
    id,
    title: `${pick(THINGS, n)} ${pick(TRAITS, n)} ${n}`,
    ...(reviewed && { reviewScore: (100 + ((n * 37) % 401)) / 100 }),
  };
};

const catalogue: readonly Product[] = Array.from({ length: PRODUCTS }, (_, n) => product(n + 1));
const byId = new Map(catalogue.map((one) => [one.id, one]));

export const productById = (id: string): Answer => {
  const found = byId.get(id.toLowerCase());
  if (found) return { status: 200, body: found };
  return { status: 404, body: { error_message: `Product ${id} not found`, code: 'not_found' } };
};

/** Pages are counted from 1; after the last one they are empty. */
export const productPage = (asked: unknown): Answer => {
  const page = Number(asked ?? 1);
  if (!Number.isInteger(page) || page < 1)
    return { status: 400, body: { error_message: 'Invalid page', code: 'bad_request' } };
  const first = (page - 1) * PAGE_SIZE;
  const products = catalogue.slice(first, first + PAGE_SIZE);
  return { status: 200, body: { meta: { page_number: page, page_size: PAGE_SIZE }, products } };
};
