import type { CompanyId } from '#shared/ids.ts';
import type { Instant } from '#shared/kernel/message.ts';
import type { CompanyCommand } from './commands.ts';
import type { CompanyEvent } from './events.ts';

export const noon = '2026-01-15T12:00:00.000Z' as Instant;
export const aCompany = '1' as CompanyId;
export const anotherCompany = '2' as CompanyId;

const about = { companyId: aCompany, at: noon };
type Details = { readonly companyId?: CompanyId; readonly name?: string; readonly cnpj?: string };

/** One valid example of each message; name only what the spec is about. */
export const opened = (data: Details & { readonly at?: Instant } = {}): CompanyEvent => ({
  type: 'CompanyOpened',
  data: { ...about, name: 'Aurora', ...data },
});
export const renamed = (name = 'Boreal'): CompanyEvent => ({
  type: 'CompanyRenamed',
  data: { ...about, name },
});
export const cnpjChanged = (cnpj = '11222333000181'): CompanyEvent => ({
  type: 'CompanyCnpjChanged',
  data: { ...about, cnpj },
});

export const open = (data: Details = {}): CompanyCommand => ({
  type: 'OpenCompany',
  data: { ...about, name: 'Aurora', ...data },
});
export const change = (data: Details = {}): CompanyCommand => ({
  type: 'ChangeCompany',
  data: { ...about, ...data },
});
