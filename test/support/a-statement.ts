import type { ConciliationEvent } from '#shared/conciliation/events.ts';
import type { SaleId, SubjectId } from '#shared/ids.ts';
import type { Cpf } from '#shared/kernel/cpf.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { Instant, Named } from '#shared/kernel/message.ts';
import { amountText } from '#shared/kernel/money.ts';
import { personOf } from '#shared/kernel/person.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { calculated, givenUp, noon, received, refused, uncertain } from '#shared/sale/examples.ts';
import type { SaleEvent } from '#shared/sale/events.ts';
import { someCpfs } from './some-cpfs.ts';

// Sales and the statements of others about them, made so that it is known what there is to find.

export const hashKey = Buffer.alloc(32, 5);
export const hash = keyedHash(hashKey);
const buyers = someCpfs(500);
export const buyer = (nth: number): Cpf => buyers.at(nth % buyers.length) ?? ('' as Cpf);

export type PlantedSale = {
  readonly nth: number;
  readonly document?: Cpf;
  readonly cashbackInCents?: number;
  readonly totalInCents?: number;
  /** What the clock in São Paulo showed: 3 hours behind UTC. */
  readonly clock?: string;
  readonly status?: 'ACCEPTED' | 'UNCERTAIN' | 'CALCULATED' | 'FAILED' | 'REFUSED';
  /** As the partner gave it; none with its answer if it is `undefined`. */
  readonly partnerId?: string | undefined;
};

export const saleIdOf = (nth: number): SaleId => derivedId('planted', String(nth)) as SaleId;
const DAY = '2026-01-10';

type Completed = Named<ConciliationEvent, 'ConciliationCompleted'>['data'];
type Credited = Named<SaleEvent, 'CashbackAccepted'>['data'];

const attempt = (whose: { readonly saleId: SaleId; readonly subjectId: SubjectId }): SaleEvent => ({
  type: 'CashbackForwardAttempted',
  data: { ...whose, attempt: 1, at: noon },
});

/** All that happened to one sale. `partnerId: ''` is a credit without one. */
export const historyOf = ({
  nth,
  document = buyer(nth),
  cashbackInCents = 1_000 + nth,
  totalInCents = 10_000 + nth,
  clock = `${DAY} 10:00:00`,
  status = 'ACCEPTED',
  partnerId = String(5_000 + nth),
}: PlantedSale): SaleEvent[] => {
  const subjectId = personOf(hash, document) as SubjectId;
  const about = { saleId: saleIdOf(nth) };
  const soldAt = new Date(`${clock.replace(' ', 'T')}-03:00`).toISOString() as Instant;
  const sold = { ...about, subjectId, soldAt, soldOn: clock.slice(0, 10), totalInCents };
  if (status === 'REFUSED') return [refused({ ...sold })];
  const begun = [
    received({ ...sold, document }),
    calculated({ ...about, cashbackInCents }),
    ...(status === 'CALCULATED' ? [] : [attempt({ ...about, subjectId })]),
  ];
  const data: Credited = {
    ...{ ...about, subjectId, attempt: 1, at: noon, httpStatus: 201, body: null },
    ...(partnerId !== '' && { partnerId }),
  };
  const ends: Record<typeof status, SaleEvent[]> = {
    ACCEPTED: [{ type: 'CashbackAccepted', data }],
    UNCERTAIN: [uncertain({ ...about, subjectId })],
    CALCULATED: [],
    FAILED: [givenUp(about)],
  };
  return [...begun, ...ends[status]];
};

export type PlantedRow = {
  readonly id?: string;
  readonly document: string;
  readonly amount: string;
  readonly at?: string;
};

/** What the partner has of a sale, if it has it as we do. */
export const creditOf = (sale: PlantedSale, changes: Partial<PlantedRow> = {}): PlantedRow => ({
  id: sale.partnerId ?? String(5_000 + sale.nth),
  document: sale.document ?? buyer(sale.nth),
  amount: amountText(sale.cashbackInCents ?? 1_000 + sale.nth),
  at: `${DAY}T13:00:01Z`,
  ...changes,
});

/** What an ERP has of a sale, if it has it as we do. */
export const soldAs = (sale: PlantedSale, changes: Partial<PlantedRow> = {}): PlantedRow => ({
  document: sale.document ?? buyer(sale.nth),
  amount: amountText(sale.totalInCents ?? 10_000 + sale.nth),
  at: sale.clock ?? `${DAY} 10:00:00`,
  ...changes,
});

const HEADERS = {
  'cashback-api': 'id,document,cashback,createdAt',
  erp: 'external_id,document,total,sold_at',
} as const;

export const csvOf = (source: keyof typeof HEADERS, rows: readonly PlantedRow[]): string =>
  [
    HEADERS[source],
    ...rows.map(({ id = '', document, amount, at = '' }) => `${id},${document},${amount},${at}`),
    '',
  ].join('\n');

type Count = readonly [ourRows: number, theirRows: number, ours: number, theirs: number];

/** What a report comes to: by category, in rows and in cents, and of either side. */
export const totalsOf = ({ categories, ours, theirs }: Completed) => ({
  categories: Object.fromEntries(
    categories.map((one) => [
      one.name,
      [one.ourRows, one.theirRows, one.oursInCents, one.theirsInCents],
    ]),
  ),
  ours,
  theirs,
});

/** The same, from what was planted by category; `rows` are those of the statement. */
export const plantedTotals = (expected: Readonly<Record<string, Count>>, rows: number) => {
  const sum = (place: 0 | 2 | 3) =>
    Object.values(expected).reduce((all, one) => all + one[place], 0);
  return {
    categories: expected,
    ours: { rows: sum(0), amountInCents: sum(2) },
    theirs: { rows, amountInCents: sum(3) },
  };
};
