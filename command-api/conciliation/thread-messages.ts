import type { KeptRows } from '#shared/conciliation/ports.ts';
import type { Reading } from '#shared/conciliation/reading.ts';
import type { Sent } from './taking.ts';

/** What a thread is told: what comes, piece by piece, and that it was all. */
export type Told =
  | { readonly begin: Omit<Sent, 'bytes' | 'key'> & Record<'key' | 'hashKey', Uint8Array> }
  | { readonly piece: Uint8Array }
  | { readonly areAll: true };

/** What it says: rows; that it is done with a piece; at the end, what it read; or why it did not. */
export type Said =
  | { readonly rows: KeptRows }
  | { readonly isDone: true }
  | { readonly read: ReturnType<Reading['read']> }
  | { readonly failure: { readonly message: string; readonly isBadHeader: boolean } };
