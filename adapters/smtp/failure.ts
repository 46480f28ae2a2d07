import { Permanent } from '#shared/effect/permanent.ts';

/** A 5yz reply of RFC 5321: the same command will be refused again. */
const isRefusedForGood = (code: number) => code >= 500 && code <= 599;

/**
 * What a mail server's failure means for whoever sends. A refusal for good is about this mail or
 * its address; refused credentials are about us, and are worth trying again once they are mended.
 */
export const meaningOf = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { code, responseCode } = error as Error & { code?: unknown; responseCode?: unknown };
  const isOurs = code === 'EAUTH';
  if (isOurs || typeof responseCode !== 'number' || !isRefusedForGood(responseCode)) return error;
  return new Permanent(`The mail server refuses it for good (${responseCode})`, { cause: error });
};
