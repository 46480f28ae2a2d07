import type { Cpf } from '#shared/kernel/cpf.ts';
import type { Role } from '#shared/platform/http/caller.ts';

export const DEMO_PASSWORD = 'lastro-demo';

const COMPANIES = 30;
const USERS_OF_A_COMPANY = 200;
const ANALYSTS = 10;
export type DemoCompany = { readonly id: string; readonly name: string };
export type DemoAccount = {
  readonly username: string;
  readonly role: Role;
  readonly companyId?: string;
};

/** Who signs in with any of these names. */
export const demoReseller = {
  username: 'reseller',
  fullName: 'Rita Revendedora',
  cpf: '11144477735' as Cpf,
  email: 'reseller@example.com',
};

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

export const demoCompanies: readonly DemoCompany[] = upTo(COMPANIES).map((nth) => ({
  id: String(nth),
  name: `Empresa parceira ${nth}`,
}));

export const demoAccounts: readonly DemoAccount[] = [
  { username: 'admin', role: 'admin' },
  ...upTo(ANALYSTS).map((nth) => ({ username: `analyst${nth}`, role: 'analyst' }) as const),
  { username: 'erp', role: 'erp' },
  { username: 'operator', role: 'operator' },
  { username: 'auditor', role: 'auditor' },
  { username: 'app', role: 'customer-app' },
  ...upTo(COMPANIES * USERS_OF_A_COMPANY).map((nth) => {
    const companyId = String(Math.ceil(nth / USERS_OF_A_COMPANY));
    return { username: `partner${nth}`, role: 'partner', companyId } as const;
  }),
];
