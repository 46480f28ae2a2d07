import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Named } from '#shared/kernel/message.ts';
import type { CompanyCommand } from './commands.ts';
import type { CompanyEvent } from './events.ts';

export type Company =
  | { readonly status: 'none' }
  | { readonly status: 'open'; readonly name: string; readonly cnpj?: string };

export type CompanyRefusal = 'company-id-taken' | 'company-not-found';

type Outcome = Decision<CompanyEvent, CompanyRefusal>;

/** What it is called already is no news. */
const change = (
  { data: { companyId, at, name, cnpj } }: Named<CompanyCommand, 'ChangeCompany'>,
  company: Company,
): Outcome => {
  if (company.status === 'none') return refuse('company-not-found');
  const changes: CompanyEvent[] = [];
  if (name !== undefined && name !== company.name)
    changes.push({ type: 'CompanyRenamed', data: { companyId, at, name } });
  if (cnpj !== undefined && cnpj !== company.cnpj)
    changes.push({ type: 'CompanyCnpjChanged', data: { companyId, at, cnpj } });
  return accept(...changes);
};

const decide = (command: CompanyCommand, company: Company): Outcome => {
  switch (command.type) {
    case 'OpenCompany':
      return company.status === 'none'
        ? accept({ type: 'CompanyOpened', data: command.data })
        : refuse('company-id-taken');
    case 'ChangeCompany':
      return change(command, company);
  }
};

const evolve = (company: Company, { type, data }: CompanyEvent): Company => {
  switch (type) {
    case 'CompanyOpened': {
      const { name, cnpj } = data;
      return { status: 'open', name, ...(cnpj !== undefined && { cnpj }) };
    }
    case 'CompanyRenamed':
      return company.status === 'none' ? company : { ...company, name: data.name };
    case 'CompanyCnpjChanged':
      return company.status === 'none' ? company : { ...company, cnpj: data.cnpj };
  }
};

/** A partner company. Its id is its own choice, and is chosen once. */
export const company: Decider<Company, CompanyCommand, CompanyEvent, CompanyRefusal> = {
  initialState: { status: 'none' },
  decide,
  evolve,
};
