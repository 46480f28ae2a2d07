import { ALL_CATEGORIES, CHANGES, SOURCES } from '#shared/conciliation/categories.ts';
import { RESOLUTIONS } from '#shared/conciliation/resolutions.ts';
import { ConciliationId } from '#shared/ids.ts';
import { Instant } from '#shared/kernel/message.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';

const Money = Type.String({ examples: ['14.00'] });
const orNull = (schema: Parameters<typeof Type.Union>[0][number]) =>
  Type.Union([schema, Type.Null()]);
const Text = orNull(Type.String());

const Side = Type.Object({ rows: Type.Integer(), amount: Money });
/** As it is answered; `reportOf` makes it. */
export const Report = Type.Object({
  id: ConciliationId,
  status: oneOf(['RUNNING', 'COMPLETED', 'FAILED']),
  source: oneOf(SOURCES),
  period: Type.Object({ from: Type.String(), to: Type.String() }),
  /** Up to where the log was read. */
  asOf: Type.Object({ position: Type.String(), at: Instant }),
  statement: Type.Object({
    sha256: Type.String(),
    rows: Type.Integer(),
    unreadable: Type.Integer(),
  }),
  ruleSets: Type.Array(Type.String()),
  /** `null`, as is what follows, as long as there is no report. */
  categories: orNull(
    Type.Record(
      Type.String(),
      Type.Object({
        ...{ ourRows: Type.Integer(), theirRows: Type.Integer() },
        ...{ ours: Money, theirs: Money, difference: Money },
      }),
    ),
  ),
  balance: orNull(Type.Object({ ours: Side, theirs: Side, holds: Type.Literal(true) })),
  matchRate: orNull(Type.Object({ byRows: Type.String(), byAmount: Type.String() })),
  oldestOpen: Text,
  /** Of findings, since the report before of the same books and days; missing if there was none. */
  changes: Type.Optional(
    Type.Object({
      since: ConciliationId,
      ...{ new: Type.Integer(), recurring: Type.Integer(), cleared: Type.Integer() },
    }),
  ),
  preparedBy: Type.String(),
  startedAt: Instant,
  finishedAt: orNull(Instant),
  failure: Type.Optional(Type.String()),
  /** What became of what the statement confirms, once somebody had it settled. */
  settlement: Type.Optional(
    Type.Object({
      ...{ status: oneOf(['SETTLING', 'SETTLED']), items: Type.Integer() },
      ...{ settled: Type.Optional(Type.Integer()), left: Type.Optional(Type.Integer()) },
    }),
  ),
});

export const Item = Type.Object({
  id: Type.String(),
  category: oneOf(ALL_CATEGORIES),
  reason: Type.String(),
  /** `***.509.460-**` for those who may not see it; `null` once the person was erased. */
  document: Text,
  ours: orNull(
    Type.Object({
      ...{ saleId: Type.String(), partnerId: Text, document: Text, amount: orNull(Money) },
      ...{ day: Text, status: Text, attempts: orNull(Type.Integer()), stream: Type.String() },
    }),
  ),
  theirs: orNull(
    Type.Object({
      ...{ line: Type.Integer(), id: Text, document: Text, amount: orNull(Money), at: Text },
    }),
  ),
  difference: Money,
  /** Of a finding, since the report before; missing where there was none. */
  change: Type.Optional(oneOf(CHANGES)),
  /** What it was in the report before, by its name in paths there. */
  earlier: Type.Optional(Type.Object({ conciliation: ConciliationId, item: Type.String() })),
  /** What was done about it, where somebody has to look. */
  resolution: Type.Optional(
    Type.Object({
      status: oneOf(['AWAITING_APPROVAL', 'RESOLVED']),
      resolution: oneOf(RESOLUTIONS),
      reason: Type.String(),
      resolvedBy: Type.String(),
      approvedBy: Type.Optional(Type.String()),
      at: Instant,
    }),
  ),
});
