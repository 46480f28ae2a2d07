import { comparableEmail } from '#shared/kernel/email.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';

/** What sort of value it is, wherever it is hashed or reserved. */
export const CUSTOMER_EMAIL = 'customer-email';

/** What customers are looked up by: capitals do not count. */
export const emailHashOf = (hash: KeyedHash, email: string): string =>
  hash(CUSTOMER_EMAIL, comparableEmail(email));
