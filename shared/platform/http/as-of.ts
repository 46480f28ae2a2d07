import type { AsOf, Moment } from '#shared/kernel/fold.ts';
import { Instant } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';
import { shown } from './query.ts';
import type { Answer } from './route.ts';

const POSITION = '^\\d{1,19}$';
const isPosition = new RegExp(POSITION);

/** The query parameter of every single thing whose past can be asked for. */
export const asOfParameter = {
  asOf: Type.Optional(
    Type.Union([Type.String({ pattern: POSITION }), Type.String({ format: 'date-time' })], {
      description:
        'How it stood then: a position in the log, or an instant. It is folded from its events ' +
        'up to there; who may see what of it is as it is today.',
    }),
  ),
};

/** What an answer says of the moment that it is about: the last event that made it so. */
export const asOfMark = {
  asOf: Type.Optional(Type.Object({ position: Type.String({ pattern: POSITION }), at: Instant })),
};

const momentOf = (asOf: string): Moment =>
  isPosition.test(asOf) ? { position: BigInt(asOf) } : { at: asOf as Instant };

/** A row as it is now, or as it stood at a moment. */
export type Found<Row> = { readonly row: Row } & Partial<Pick<AsOf<Row>, 'position' | 'at'>>;

/** Now, unless somebody asks for another time, which may be why there is no answer. */
export const foundAt = async <Row, Then extends AsOf<Row> | string | undefined>(
  asOf: string | undefined,
  now: () => Promise<Row | undefined>,
  then: (moment: Moment) => Promise<Then>,
): Promise<Found<Row> | Then | undefined> => {
  if (asOf !== undefined) return then(momentOf(asOf));
  const row = await now();
  return row && { row };
};

/** One thing, marked where it is not as it is now; its tag is then that of then: no write goes by it. */
export const shownAt = (
  body: object,
  { row, position, at }: Found<{ readonly revision: number }>,
): Answer => {
  const mark = position === undefined ? {} : { asOf: { position: String(position), at } };
  return shown({ ...body, ...mark }, row.revision);
};
