import type { BalanceOf } from '#shared/cashback-month/ports.ts';

/** A partner who never answers, for specs that do not ask. */
export const noBalance: BalanceOf = () => Promise.resolve({ outcome: 'unavailable' });
