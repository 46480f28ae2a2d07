import { CustomerId, SubjectId } from '#shared/ids.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { personal } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';

const about = { customerId: CustomerId, subjectId: SubjectId, at: Instant };
const name = personal(Type.String());
const email = {
  /** As it was written; in comparisons capitals do not count. */
  email: personal(Type.String()),
  /** Of the e-mail as it is compared, under our own key: customers are looked up by it. */
  emailHash: Type.String(),
};

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
export const customerEvents = contract('customer', {
  CustomerRegistered: Type.Object({ ...about, name, ...email }),
  CustomerRenamed: Type.Object({ ...about, name }),
  CustomerEmailChanged: Type.Object({ ...about, ...email }),
  /** From here on nothing more is put on record about them, and their key is destroyed. */
  CustomerRemoved: Type.Object(about),
});
export type CustomerEvent = MessagesIn<typeof customerEvents>;
