import type { PurchaseId } from '#shared/ids.ts';
import { derivedId } from '#shared/kernel/identity.ts';

/** The purchase with this code, if there is one. No code is ever free again. */
export const purchaseIdOf = (code: string): PurchaseId => derivedId('purchase', code) as PurchaseId;
