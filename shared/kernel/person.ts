import type { Cpf } from './cpf.ts';
import { derivedId } from './identity.ts';
import type { KeyedHash } from './personal.ts';

/**
 * The `subjectId` of whoever has this CPF, in every capability: one person has one key, so that
 * one erasure is enough. Whoever does not know the hash key cannot find a person by it.
 */
export const personOf = (hash: KeyedHash, cpf: Cpf): string =>
  derivedId('subject', 'cpf', hash('cpf', cpf));
