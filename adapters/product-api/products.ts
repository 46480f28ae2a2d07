import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhenResult,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import type { AskForProduct, ProductAnswer } from '#shared/favourite/ports.ts';
import type { ProductId } from '#shared/ids.ts';
import { reader, Unreadable } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { sharing } from './sharing.ts';

/** What was agreed on: so many calls at a time; so many more wait for their turn. */
const MOST_AT_ONCE = 5;
const MOST_WAITING = 1_000;
/** After so many failures in a row the partner is left in peace, each time for longer. */
const FAILURES_IN_A_ROW = 5;
const PEACE = { initialDelay: 1_000, maxDelay: 60_000 };
const LARGEST_ANSWER = 65_536;

export type ProductApi = {
  /** Where `/api/product/` is. */
  readonly url: string;
  /** From the look-up of the name to the last byte of an answer. */
  readonly timeoutMs: number;
};

const readProduct = reader(
  Type.Object({
    id: Type.String({ minLength: 1 }),
    title: Type.String(),
    image: Type.String(),
    price: Type.Number(),
    brand: Type.String(),
    reviewScore: Type.Optional(Type.Number()),
  }),
);

/** Where a product is to be found. */
export const linkTo = (url: string, id: string): string =>
  `${url.replace(/\/+$/, '')}/api/product/${id}/`;

const unavailable = (why: string): ProductAnswer => ({ outcome: 'unavailable', why });

const textOf = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    const part = chunk as Uint8Array;
    bytes += part.byteLength;
    if (bytes > LARGEST_ANSWER) throw new SyntaxError('too long');
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** A description of another product is none of this one. */
const productIn = (text: string, asked: string): ProductAnswer => {
  const { id, title, image, price, brand, reviewScore } = readProduct(JSON.parse(text));
  if (id.toLowerCase() !== asked) return unavailable('it described another product');
  const score = reviewScore === undefined ? {} : { reviewScore };
  return { outcome: 'found', product: { id: asked, title, image, price, brand, ...score } };
};

const ask = async (url: string, id: ProductId, signal: AbortSignal): Promise<ProductAnswer> => {
  const headers = { accept: 'application/json' };
  const response = await fetch(linkTo(url, id), { headers, redirect: 'manual', signal });
  const text = await textOf(response);
  if (response.status === 404) return { outcome: 'unknown' };
  if (response.status !== 200) return unavailable(`HTTP ${response.status}`);
  return productIn(text, id);
};

const REASONS = [
  [BrokenCircuitError, 'it has failed again and again lately'],
  [BulkheadRejectedError, 'too many are waiting for it already'],
  [TaskCancelledError, 'none in time'],
  [SyntaxError, 'it was unreadable'],
  [Unreadable, 'it was unreadable'],
] as const;

/** The code of what went wrong where it has one, else its name. */
const whyOf = (error: unknown): string => {
  const reason = REASONS.find(([kind]) => error instanceof kind)?.[1];
  if (reason !== undefined) return reason;
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.name : 'unknown';
};

/**
 * Asks the partner about products; one circuit breaker and one limit for the whole process. Only a
 * 404 says that there is no such product.
 */
export const productApi = (
  { url, timeoutMs }: ProductApi,
  { peace = PEACE } = {},
): AskForProduct => {
  const policy = wrap(
    bulkhead(MOST_AT_ONCE, MOST_WAITING),
    circuitBreaker(
      handleWhenResult((came) => (came as ProductAnswer).outcome === 'unavailable'),
      {
        breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
        halfOpenAfter: new ExponentialBackoff(peace),
      },
    ),
  );
  const inTime = timeout(timeoutMs, TimeoutStrategy.Aggressive);
  const once = async (id: ProductId, signal: AbortSignal | undefined): Promise<ProductAnswer> => {
    try {
      return await inTime.execute((given) => ask(url, id, given.signal), signal);
    } catch (error) {
      // Whoever stops must not be taken for a partner in trouble.
      signal?.throwIfAborted();
      return unavailable(whyOf(error));
    }
  };

  const asking = async (id: ProductId, signal: AbortSignal | undefined): Promise<ProductAnswer> => {
    try {
      return await policy.execute(() => once(id, signal));
    } catch (error) {
      signal?.throwIfAborted();
      return unavailable(whyOf(error));
    }
  };

  return sharing(asking);
};
