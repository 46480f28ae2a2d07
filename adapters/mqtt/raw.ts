import type { RawPayload } from '#shared/swap/commands.ts';

/** Evidence is kept up to here; nothing that equipment has to say is longer. */
export const LARGEST_KEPT_BYTES = 1_024;

/** Text where it is text; what Postgres cannot hold as such, NUL, is kept in base64 like bytes. */
export const rawOf = (received: Buffer): RawPayload => {
  const kept = received.subarray(0, LARGEST_KEPT_BYTES);
  const bytes = received.length;
  try {
    // A character that was cut in two is left out, and is no reason not to call it text.
    const payload = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(kept, {
      stream: bytes > kept.length,
    });
    if (!payload.includes('\0')) return { payload, encoding: 'utf8', bytes };
  } catch {
    // No text.
  }
  return { payload: kept.toString('base64'), encoding: 'base64', bytes };
};
