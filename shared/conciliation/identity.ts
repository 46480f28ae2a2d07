import { derivedId } from '#shared/kernel/identity.ts';
import type { ConciliationId, FindingId, StatementId } from '#shared/ids.ts';
import type { Source } from './categories.ts';

/** A statement against a period of a source: the same file again is the same conciliation. */
export const conciliationIdOf = (
  source: Source,
  from: string,
  to: string,
  sha256: string,
): ConciliationId => derivedId('conciliation', source, from, to, sha256) as ConciliationId;

/** Whose key documents are under that are nobody's whom we know. */
export const statementSubject = (statementId: StatementId): string =>
  derivedId('subject', 'statement', statementId);

/** A finding is an item of one conciliation; its stream is named after both. */
export const findingIdOf = (conciliationId: ConciliationId, item: string): FindingId =>
  derivedId('finding', conciliationId, item) as FindingId;
