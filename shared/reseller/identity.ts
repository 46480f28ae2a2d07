import type { ResellerId } from '#shared/ids.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { KeyedHash } from '#shared/kernel/personal.ts';

/**
 * The reseller with this CPF, if there is one; who does not know the hash key cannot tell whose an
 * id is. The account that a reseller signs in to has the same id: it is the `sub` of their tokens.
 */
export const resellerIdOf = (hash: KeyedHash, cpf: Cpf): ResellerId =>
  derivedId('reseller', hash('cpf', cpf)) as ResellerId;
