import { CompanyId } from '#shared/ids.ts';
import { contract, Instant, type MessagesIn } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';

const about = { companyId: CompanyId, at: Instant };

// Stored for ever. Add an optional field, or a new event; never rename, retype or remove.
// What a company is called is no personal data, so it stands here in clear.
export const companyEvents = contract('company', {
  CompanyOpened: Type.Object({
    ...about,
    name: Type.String(),
    /** 14 digits. */
    cnpj: Type.Optional(Type.String()),
  }),
  CompanyRenamed: Type.Object({ ...about, name: Type.String() }),
  CompanyCnpjChanged: Type.Object({ ...about, cnpj: Type.String() }),
});
export type CompanyEvent = MessagesIn<typeof companyEvents>;
