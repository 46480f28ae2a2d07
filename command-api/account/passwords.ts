import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { hash as argon2id, verify as isOf, type Options } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { Rejected } from '#shared/platform/http/problem.ts';

/** OWASP's first choice for argon2id, which is what the library makes unless told otherwise. */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Some minutes' work. Whoever came after that many would have given up before their turn. */
export const MOST_WAITING = 5_000;

export type Passwords = {
  /** In PHC format, with its salt and cost. */
  readonly hash: (password: string) => Promise<string>;
  /** Takes as long for nobody's password as for a wrong one. */
  readonly isRight: (password: string, of: string | undefined) => Promise<boolean>;
};

/** The same password on every keyboard, however its accents were put together. */
const normalised = (password: string) => password.normalize('NFKC');

const busy = new Rejected({
  code: 'busy',
  status: 503,
  title: 'Too many are signing in at this moment',
  headers: { 'Retry-After': '5' },
});

/**
 * Hashing is meant to be slow and takes 19 MiB each time: as many at once as there are processors.
 * @throws {Rejected} when too many are waiting.
 */
export const passwords = ({ mostWaiting = MOST_WAITING } = {}): Passwords => {
  const limit = pLimit(availableParallelism());
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    if (limit.pendingCount >= mostWaiting) throw busy;
    return limit(work);
  };
  const hash = (password: string) => inTurn(() => argon2id(normalised(password), COST));
  let decoy: Promise<string> | undefined;

  return {
    hash: async (password) => hash(password),
    isRight: async (password, of) => {
      decoy ??= hash(randomBytes(16).toString('hex'));
      const against = of ?? (await decoy);
      const right = await inTurn(() => isOf(against, normalised(password)));
      return right && of !== undefined;
    },
  };
};
