import type { AccountId, ConciliationId, StatementId } from '#shared/ids.ts';
import type { Instant, Named } from '#shared/kernel/message.ts';
import type { ConciliationCommand, Matched } from './commands.ts';
import type { ConciliationEvent } from './events.ts';

export const noon = '2026-02-01T12:00:00.000Z' as Instant;
export const aConciliation = '5d0b2a52-3c5e-5a0e-9d0a-000000000c01' as ConciliationId;
export const aStatement = '5d0b2a52-3c5e-5a0e-9d0a-000000000c51' as StatementId;
export const anOperator = '5d0b2a52-3c5e-5a0e-9d0a-0000000005f1' as AccountId;

const about = { conciliationId: aConciliation, at: noon };
const sha256 = 'ab'.repeat(32);
const start = {
  ...{ ...about, statementId: aStatement, source: 'cashback-api' as const },
  ...{ from: '2026-01-01', to: '2026-01-31', sha256, rows: 3, unreadable: 0, by: anOperator },
};
const asOf = { position: '300', at: noon };
const categories = [
  { name: 'MATCHED', ourRows: 2, theirRows: 2, oursInCents: 3_000, theirsInCents: 3_000 },
  { name: 'MISSING_IN_LOG', ourRows: 0, theirRows: 1, oursInCents: 0, theirsInCents: 500 },
];
const ours = { rows: 2, amountInCents: 3_000 };
const theirs = { rows: 3, amountInCents: 3_500 };
const sides = { ours: { ...ours, identity: '300' }, theirs: { ...theirs, identity: '9' } };

const pair = { rows: 2, amountInCents: 3_000, fingerprint: '77' };
const pairs = { ours: { ...pair, identity: '300' }, theirs: { ...pair, identity: '5' } };

/** A run that comes out even. */
export const matched: Matched = {
  ...{ ruleSets: ['1'], categories, oldestOpen: '2026-01-10' },
  ...{ read: sides, categorised: sides, pairs },
};

type Data<Type extends ConciliationEvent['type']> = Named<ConciliationEvent, Type>['data'];

export const started = (data: Partial<Data<'ConciliationStarted'>> = {}): ConciliationEvent => ({
  type: 'ConciliationStarted',
  data: { ...start, ...data },
});
export const completed = (
  data: Partial<Data<'ConciliationCompleted'>> = {},
): ConciliationEvent => ({
  type: 'ConciliationCompleted',
  data: {
    ...{ ...about, asOf, sha256, rows: 3, unreadable: 0, ruleSets: ['1'] },
    ...{ categories, ours, theirs, oldestOpen: '2026-01-10' },
    ...data,
  },
});
export const failed = (
  error: string,
  why: Data<'ConciliationFailed'>['why'] = 'unbalanced',
): ConciliationEvent => ({ type: 'ConciliationFailed', data: { ...about, sha256, why, error } });

export const startConciliation = (): ConciliationCommand => ({
  type: 'StartConciliation',
  data: start,
});
export const endConciliation = (found: Partial<Matched> = {}): ConciliationCommand => ({
  type: 'EndConciliation',
  data: { ...about, asOf, matched: { ...matched, ...found } },
});
export const giveUpConciliation = (): ConciliationCommand => ({
  type: 'GiveUpConciliation',
  data: { ...about, error: 'No answer' },
});
