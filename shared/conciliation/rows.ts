import { cpfOf, type Cpf } from '#shared/kernel/cpf.ts';
import { centsOf } from '#shared/kernel/money.ts';
import type { Source } from './categories.ts';
import type { RawRecord } from './records.ts';

/** Why a row says nothing. */
export const UNREADABLE = ['malformed', 'columns', 'id', 'document', 'amount', 'sold-at'] as const;
export type WhyUnreadable = (typeof UNREADABLE)[number];

export type ReadRow = {
  /** As its writer calls it. */
  readonly id: string | undefined;
  readonly document: Cpf;
  readonly amountInCents: number;
  /** Of an ERP's sale, what the clock showed; of a partner's credit, whatever stood there. */
  readonly at: string | undefined;
};

const LONGEST_ID = 200;
const LONGEST_AT = 40;
/** What a partner writes where it has no id to give. */
const NO_ID = new Set(['', 'NaN']);
const PLAIN = /^[^\p{Cc}\p{Cs}]*$/u;

/** The columns of each source: its id, whose, how much, when; the id need not be there at an ERP. */
export const COLUMNS = {
  'cashback-api': ['id', 'document', 'cashback', 'createdAt'],
  erp: ['external_id', 'document', 'total', 'sold_at'],
} as const satisfies Record<Source, readonly [string, string, string, string]>;

export const neededOf = (source: Source): readonly string[] =>
  COLUMNS[source].filter((name) => name !== 'external_id');

/** Two places, one or none: what others write without trailing zeros is as exact. */
const centsIn = (text: string): number | undefined => {
  if (text.startsWith('-')) return undefined;
  const point = text.indexOf('.');
  if (point < 0) return centsOf(`${text}.00`);
  return centsOf(point === text.length - 2 ? `${text}0` : text);
};

const CLOCK = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const inSaoPaulo = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/Sao_Paulo',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** A day and a time that there are: no 30th of February. */
const isReal = (clock: string): boolean => {
  const instant = new Date(`${clock.replace(' ', 'T')}Z`);
  if (Number.isNaN(instant.getTime())) return false;
  return instant.toISOString().slice(0, 19) === clock.replace(' ', 'T');
};

/** What the clock showed in São Paulo, however it was written; nothing if that is no time. */
const clockIn = (text: string): string | undefined => {
  if (CLOCK.test(text)) return isReal(text) ? text.replace('T', ' ') : undefined;
  if (!INSTANT.test(text)) return undefined;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : inSaoPaulo.format(instant);
};

const momentIn = (source: Source, text: string): string | undefined => {
  if (source === 'erp') return clockIn(text);
  return PLAIN.test(text) ? text.slice(0, LONGEST_AT) : '';
};

const isId = (text: string) => text.length <= LONGEST_ID && PLAIN.test(text);

const understood = (
  source: Source,
  [id, document, amount, at]: readonly [string, string, string, string],
): ReadRow | WhyUnreadable => {
  if (!isId(id)) return 'id';
  const cpf = cpfOf(document);
  if (cpf === undefined) return 'document';
  const amountInCents = centsIn(amount);
  if (amountInCents === undefined) return 'amount';
  const moment = momentIn(source, at);
  if (moment === undefined) return 'sold-at';
  return { id: NO_ID.has(id) ? undefined : id, document: cpf, amountInCents, at: moment };
};

const trimmed = (field: string | undefined): string => field?.trim() ?? '';

/** What a record says, or why it says nothing. */
export const rowOf = (source: Source, { fields }: RawRecord): ReadRow | WhyUnreadable => {
  if (typeof fields === 'string') return fields;
  const [id, document, amount, at] = fields;
  return understood(source, [trimmed(id), trimmed(document), trimmed(amount), trimmed(at)]);
};

/** What names the sale of a row: of two rows with other names, it is not the same one. */
export const saleNamed = (source: Source, row: ReadRow): string | undefined =>
  source === 'cashback-api' ? row.id : `${row.document} ${row.amountInCents} ${row.at ?? ''}`;
