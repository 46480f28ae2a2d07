import type { Request } from 'express';
import type { Static, TSchema } from 'typebox';
import { reader, Unreadable } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { problems, Rejected, understand } from './problem.ts';
import type { Answer } from './route.ts';
import { storable } from './storable.ts';

export const LONGEST_WAIT_MS = 5_000;
export const LARGEST_LIST = 200;
const USUAL_LIST = 50;

/** A log counts in 64 bits, and so does the database that remembers how far a view has come. */
const LAST_POSITION = 2n ** 63n - 1n;

const rejected = (pointer: string, code: string, message: string): Rejected =>
  new Rejected(problems.invalid([{ pointer, code, message }]));

const readHeaders = reader(
  Type.Object({
    'min-log-position': Type.Optional(Type.String({ pattern: '^\\d{1,19}$' })),
    prefer: Type.Optional(Type.String({ maxLength: 1_024 })),
  }),
);

/** Whether these views show everything up to a position, waited for no longer than that. */
export type Reached = (
  views: readonly string[],
  position: bigint,
  waitMs: number,
) => Promise<boolean>;

/** `Prefer: wait=S` (RFC 7240) makes the wait shorter, never longer. */
const waitOf = (prefer = ''): number => {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?(?:$|[,;\s])/i.exec(prefer)?.[1];
  return Math.min(LONGEST_WAIT_MS, Number(seconds ?? LONGEST_WAIT_MS) * 1_000);
};

/** A caller who has just written reads what they wrote, or hears that it is not there yet. */
export const waitForViews = async (
  { headers }: Request,
  views: readonly string[],
  reached: Reached,
): Promise<void> => {
  const { 'min-log-position': wanted, prefer } = understand(readHeaders, headers);
  if (wanted === undefined) return;
  const position = BigInt(wanted);
  if (position > LAST_POSITION)
    throw rejected('/min-log-position', 'maximum', 'is beyond any position there can be');
  if (!(await reached(views, position, waitOf(prefer)))) throw new Rejected(problems.behind);
};

/** The query parameters that every list takes. */
export const listParameters = {
  limit: Type.Integer({ minimum: 1, maximum: LARGEST_LIST, default: USUAL_LIST }),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
};

/** What every list answers. */
export const listOf = <S extends TSchema>(item: S) =>
  Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
  });

const WRONG_CURSOR = [SyntaxError, Unreadable, Rejected];

/**
 * Opaque to callers: where the last item of a page stands in the order of the list, so that
 * nothing is shown twice or left out when items are added. Made where a module begins.
 */
export const cursorOf = <S extends TSchema>(place: S) => {
  const readPlace = reader(place);
  return {
    write: (value: Static<S>): string => Buffer.from(JSON.stringify(value)).toString('base64url'),
    /** @throws {Rejected} when it was not made by `write`. */
    read: (cursor: string | undefined): Static<S> | undefined => {
      if (cursor === undefined) return undefined;
      try {
        return storable(readPlace(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))));
      } catch (error) {
        if (!WRONG_CURSOR.some((wrong) => error instanceof wrong)) throw error;
        throw rejected('/cursor', 'cursor', 'is not a cursor of this list');
      }
    },
  };
};

/** One page of a list, of which one row more than `limit` was read to see whether it goes on. */
export const page = <Row>(
  rows: readonly Row[],
  limit: number,
  show: (row: Row) => unknown,
  cursorAfter: (row: Row) => string,
): Answer => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? cursorAfter(last) : null;
  return { status: 200, body: { items: shown.map(show), nextCursor } };
};

/** One thing, with the revision of its stream as the tag to send back in `If-Match`. */
export const shown = (body: unknown, revision: bigint | number | string): Answer => ({
  status: 200,
  body,
  headers: { ETag: `"${revision}"` },
});
