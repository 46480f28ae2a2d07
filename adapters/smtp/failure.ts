import { Permanent } from '#shared/effect/permanent.ts';

/** A 5yz reply of RFC 5321: the same command will be refused again. */
const isRefusedForGood = (code: unknown): boolean =>
  typeof code === 'number' && code >= 500 && code <= 599;

/** Where a server speaks of this very mail or its address, and not of us or of itself. */
const ABOUT_THE_MAIL: ReadonlySet<unknown> = new Set(['RCPT TO', 'DATA']);

/**
 * What a mail server's failure means for whoever sends. Refused credentials, a refused sender or a
 * server that turns everybody away are to be mended here or there, and worth trying again.
 */
export const meaningOf = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { command, responseCode } = error as Error & { command?: unknown; responseCode?: unknown };
  if (!ABOUT_THE_MAIL.has(command) || !isRefusedForGood(responseCode)) return error;
  return new Permanent(`The mail server refuses it for good (${String(responseCode)})`, {
    cause: error,
  });
};
