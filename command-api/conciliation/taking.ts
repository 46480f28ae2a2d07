import type { Source } from '#shared/conciliation/categories.ts';
import type { KeptRows } from '#shared/conciliation/ports.ts';
import { reading, type Format, type Reading } from '#shared/conciliation/reading.ts';
import type { StatementId } from '#shared/ids.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { withoutDocuments } from './keeping.ts';

/** A statement as it comes, and what has to be known to understand it and to hide its documents. */
export type Sent = {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly source: Source;
  readonly format: Format;
  readonly statementId: StatementId;
  /** The statement's own. */
  readonly key: Buffer;
};

/** Its rows as they are kept; and what was read of it, once all of them were. */
export type Taken = {
  /** @throws {BadHeader} */
  readonly rows: AsyncIterable<KeptRows>;
  readonly read: Reading['read'];
};
export type TakeStatement = (sent: Sent) => Taken;

/** In the thread that asks. People are found by the hash key. */
export const takingHere =
  (hashKey: Buffer): TakeStatement =>
  ({ bytes, source, format, statementId, key }) => {
    const { batches, read } = reading(bytes, source, format);
    const secrets = { statementId, key, hash: keyedHash(hashKey) };
    return { rows: withoutDocuments(batches, source, secrets), read };
  };
