import { password } from './a-command-api.ts';

/** What people register with. */
export const ana = {
  ...{ fullName: 'Ana de Souza', cpf: '529.982.247-25', email: 'Ana@example.com' },
  password,
};
export const bia = {
  ...{ fullName: 'Bia Lima', cpf: '08948135015', email: 'bia@example.com' },
  password,
};
