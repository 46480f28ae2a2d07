const FORMATTED_CPF = /^(\d{3})\.(\d{3})\.(\d{3})-(\d{2})$/;

/**
 * What somebody signs in with, in the one form that counts: capitals do not, nor does how a letter
 * with an accent or a CPF is written.
 */
export const normalisedLogin = (login: string): string =>
  login.normalize('NFKC').trim().toLowerCase().replace(FORMATTED_CPF, '$1$2$3$4');
