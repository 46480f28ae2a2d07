import type { Asked } from '#shared/kernel/handle-command.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';

/**
 * For requests with a password in the body. A body's fingerprint is keyed with the idempotency key
 * only, which its sender may choose badly: whoever reads the log could guess passwords by it. Under
 * our own key it still tells one body from another, and nobody else can compute it.
 */
export const guarded = (hash: KeyedHash, asked: Asked): Asked => ({
  ...asked,
  meta: { ...asked.meta, fingerprint: hash('fingerprint', asked.meta.fingerprint) },
});
