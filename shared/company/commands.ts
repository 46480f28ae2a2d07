import type { Static } from 'typebox';
import type { CompanyId } from '#shared/ids.ts';
import type { Instant, Message } from '#shared/kernel/message.ts';
import { branded, closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

/**
 * An id that somebody chooses stands in stream names and in paths: letters, digits and what RFC
 * 3986 leaves unreserved. The first is a letter or a digit, since `.` and `..` are no segments.
 */
export const ChosenCompanyId = branded<'CompanyId'>(
  Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._~-]{0,63}$' }),
);

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
/** Plain or as it is printed: `11.222.333/0001-81`. */
const Cnpj = Type.String({ pattern: '^(\\d{14}|\\d{2}\\.\\d{3}\\.\\d{3}/\\d{4}-\\d{2})$' });

export type Opening = Static<typeof Opening>;
export const Opening = closed({ id: ChosenCompanyId, name: Name, cnpj: Type.Optional(Cnpj) });

export type Change = Static<typeof Change>;
export const Change = closed({ name: Type.Optional(Name), cnpj: Type.Optional(Cnpj) });

export type CompanyCommand =
  | Message<
      'OpenCompany',
      {
        readonly companyId: CompanyId;
        readonly name: string;
        readonly cnpj?: string;
        readonly at: Instant;
      }
    >
  | Message<
      'ChangeCompany',
      {
        readonly companyId: CompanyId;
        readonly name?: string;
        readonly cnpj?: string;
        readonly at: Instant;
      }
    >;
