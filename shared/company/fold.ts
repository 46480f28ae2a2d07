import type { Fold } from '#shared/kernel/fold.ts';
import { companyEvents } from './events.ts';
import type { CompanyRow } from './view.ts';

type CompanyFold = Fold<(typeof companyEvents)['schemas'], CompanyRow>;

const evolve: CompanyFold['evolve'] = (row, { type, data, revision: at, position }) => {
  const revision = Number(at);
  switch (type) {
    case 'CompanyOpened':
      return {
        company_id: data.companyId,
        name: data.name,
        cnpj: data.cnpj ?? null,
        opened_at: new Date(data.at),
        position: String(position),
        revision,
      };
    case 'CompanyRenamed':
      return row && { ...row, name: data.name, revision };
    case 'CompanyCnpjChanged':
      return row && { ...row, cnpj: data.cnpj, revision };
  }
};

export const companyFold: CompanyFold = {
  streamsOf: (id) => [`company-${id}`],
  events: companyEvents,
  evolve,
};
