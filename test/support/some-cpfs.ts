import { cpfOf, type Cpf } from '#shared/kernel/cpf.ts';

const CHECKS = 100;

const cpfFrom = (base: string): Cpf => {
  for (let check = 0; check < CHECKS; check++) {
    const cpf = cpfOf(`${base}${String(check).padStart(2, '0')}`);
    if (cpf !== undefined) return cpf;
  }
  throw new Error(`${base} begins no CPF`);
};

/** So many different people, always the same. */
export const someCpfs = (count: number): readonly Cpf[] =>
  Array.from({ length: count }, (_, nth) => cpfFrom(String(nth + 1).padStart(9, '0')));
