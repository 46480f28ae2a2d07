import { AccountId, ResellerId, SubjectId } from '#shared/ids.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { personal } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
export const resellerEvents = contract('reseller', {
  ResellerRegistered: Type.Object({
    resellerId: ResellerId,
    subjectId: SubjectId,
    fullName: personal(Type.String()),
    /** Eleven digits. */
    cpf: personal(Type.String()),
    /** As it was written; in comparisons capitals do not count. */
    email: personal(Type.String()),
    at: Instant,
  }),
  /** From here on nothing more is put on record about them, and their key is destroyed. */
  ResellerErased: Type.Object({
    resellerId: ResellerId,
    subjectId: SubjectId,
    by: AccountId,
    /** In an operator's words, naming nobody. */
    reason: Type.String(),
    at: Instant,
  }),
});
export type ResellerEvent = MessagesIn<typeof resellerEvents>;
