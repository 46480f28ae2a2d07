import type { Source } from './categories.ts';

// A row and a sale that say the same, and that nothing else names, are a pair. Nearly all are, and
// there is nothing to be said of one but which two they are: that follows from what they say, so
// that nothing is written down. What is not in the items of a report is a pair.

/** How the two are the same, as SQL; `s` is a row of the statement, and `o` a sale as it stood. */
export type Pairs = {
  /** Why it is one: a code. */
  readonly reason: 'same-id' | 'same-sale';
  /** What of a sale is set against the amount of a row. */
  readonly amount: 'cashback' | 'total';
  /** All that a pair agrees in: what it is in the database, and where it stands on either side. */
  readonly agreed: readonly {
    readonly type: 'text' | 'uuid' | 'bigint' | 'timestamp';
    readonly theirs: string;
    readonly ours: string;
  }[];
  /** What finds the sale, `h` in its view, unless it has changed since: then only its person does. */
  readonly found?: string;
};

export const PAIRS: Readonly<Record<Source, Pairs>> = {
  'cashback-api': {
    reason: 'same-id',
    amount: 'cashback',
    agreed: [
      { type: 'text', theirs: 's.id', ours: 'o.partner_id' },
      { type: 'uuid', theirs: 's.subject', ours: 'o.subject_id' },
      { type: 'bigint', theirs: 's.amount', ours: 'o.cashback' },
    ],
    found: 'h.partner_id = s.id',
  },
  erp: {
    reason: 'same-sale',
    amount: 'total',
    agreed: [
      { type: 'timestamp', theirs: 's.at::timestamp', ours: 'o.clock' },
      { type: 'uuid', theirs: 's.subject', ours: 'o.subject_id' },
      { type: 'bigint', theirs: 's.amount', ours: 'o.total' },
    ],
  },
};
