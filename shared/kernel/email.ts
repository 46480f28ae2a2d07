/**
 * The form in which e-mails are compared: capitals do not count, nor does how a letter with an
 * accent was put together. Whoever keeps an e-mail keeps it as it was written.
 */
export const comparableEmail = (email: string): string =>
  email.normalize('NFKC').trim().toLowerCase();
