import { aCompany, cnpjChanged, noon, opened, renamed } from '#shared/company/examples.ts';
import { viewSpecFor } from '#shared/testing/spec-for.ts';
import { companies } from './companies-view.ts';

const { given } = viewSpecFor(companies);

describe('The companies view', () => {
  it('shows a company as it was opened', () => {
    given(opened({ cnpj: '11222333000181' })).shows({
      company_id: aCompany,
      name: 'Aurora',
      cnpj: '11222333000181',
      opened_at: new Date(noon),
      position: '0',
      revision: 0,
    });
  });

  it('has no CNPJ to show until there is one', () => {
    given(opened()).shows({ cnpj: null });
    given(opened(), cnpjChanged()).shows({ name: 'Aurora', cnpj: '11222333000181', revision: 1 });
  });

  it('shows the present name, in the place the company has always had', () => {
    given(opened(), renamed()).shows({ name: 'Boreal', position: '0', revision: 1 });
  });

  it('has nothing to show of a company it never saw opened', () => {
    given(renamed()).showsNothing();
    given(cnpjChanged()).showsNothing();
  });
});
