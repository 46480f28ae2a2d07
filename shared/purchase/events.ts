import { AccountId, PurchaseId, ResellerId } from '#shared/ids.ts';
import { Day } from '#shared/kernel/calendar.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';

const about = { purchaseId: PurchaseId, resellerId: ResellerId, at: Instant };
const content = {
  amountInCents: Type.Integer({ minimum: 1 }),
  /** The day of the purchase in São Paulo; its month is the one whose sum it counts in. */
  date: Day,
};

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
// Each of them says how much it is about and in which month, so that months can be added up from
// the events alone. Whose CPF it was bought with is the reseller's to say.
export const purchaseEvents = contract('purchase', {
  PurchaseRegistered: Type.Object({ ...about, ...content, code: Type.String() }),
  PurchaseChanged: Type.Object({
    ...about,
    before: Type.Object(content),
    after: Type.Object(content),
  }),
  PurchaseWithdrawn: Type.Object({ ...about, ...content, by: AccountId }),
  /** Without `by` it was approved at once, by a rule. */
  PurchaseApproved: Type.Object({ ...about, ...content, by: Type.Optional(AccountId) }),
  PurchaseRejected: Type.Object({ ...about, ...content, by: AccountId, reason: Type.String() }),
});
export type PurchaseEvent = MessagesIn<typeof purchaseEvents>;
