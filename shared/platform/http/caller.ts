import type { Static } from 'typebox';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

export const ROLES = [
  'admin',
  'analyst',
  'partner',
  'reseller',
  'erp',
  'operator',
  'auditor',
  'customer-app',
] as const;

export type Role = Static<typeof Role>;
export const Role = oneOf(ROLES);

/** May see personal data of people other than itself and its own requests'. */
export const PERSONAL_DATA = 'personal-data';

const SEES_PEOPLE: ReadonlySet<Role> = new Set(['admin', 'analyst', 'operator', 'customer-app']);

export const scopesOf = (role: Role): readonly string[] =>
  SEES_PEOPLE.has(role) ? [PERSONAL_DATA] : [];

/** Who asks, as a verified token says it. */
export type Caller = {
  /** The account's id: the token's `sub`. */
  readonly id: string;
  readonly role: Role | 'anonymous';
  readonly companyId?: string;
  readonly scopes: ReadonlySet<string>;
};

export const NOBODY: Caller = { id: 'anonymous', role: 'anonymous', scopes: new Set() };

/** Who may use a route. An `admin` may use every one. */
export type Access = 'anyone' | readonly Role[];

export const mayUse = (access: Access, { role }: Caller): boolean =>
  access === 'anyone' || role === 'admin' || access.some((allowed) => allowed === role);

export const CompanyClaim = Type.String({ minLength: 1, maxLength: 64 });
