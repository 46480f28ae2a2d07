import { amountText } from '#shared/kernel/money.ts';

/** `R$ 10.00`, as English has it. */
export const reais = (cents: number): string => `R$ ${amountText(cents)}`;
/** `R$ 10,00`. */
export const emReais = (cents: number): string => `R$ ${amountText(cents).replace('.', ',')}`;

/** ` (why)` where there is a reason. */
export const because = (why: string | undefined): string => (why === undefined ? '' : `: ${why}`);
