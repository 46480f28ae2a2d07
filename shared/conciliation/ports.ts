import type { ConciliationId, SaleId, StatementId } from '#shared/ids.ts';

/** A row of a statement as it is kept: nobody's document is in clear. */
export type KeptRow = {
  /** Of the file, from 1: the header of a CSV is line 1. */
  readonly line: number;
  /** Why it cannot be read; everything else is then missing. */
  readonly unreadable?: string;
  /** As its writer calls it; missing where they do not. */
  readonly id?: string | undefined;
  readonly subjectId?: string;
  readonly amountInCents?: number;
  /** Of an ERP's sale: what the clock showed in São Paulo, `YYYY-MM-DD HH:MM:SS`. */
  readonly at?: string | undefined;
  /** A row before it may stand for the same sale; where this is missing, none does. */
  readonly again?: boolean;
};

/**
 * Rows of a partner's statement that are written the plain way, which is nearly all of them, as
 * columns over their bytes: a statement has millions, and an object for each would cost more than
 * all that is done with it. They mean what `rowOf` would make of them.
 */
export type PlainRows = {
  readonly count: number;
  /** ASCII, as far as it is theirs. */
  readonly bytes: Uint8Array;
  /** Where each is in the file, from 1. */
  readonly line: Int32Array;
  /** As `cpfNumberAt` has it. */
  readonly document: Int32Array;
  readonly cents: Float64Array;
  /** Where in the bytes their id is, and whatever they say of the time. No id: both are the same. */
  readonly idFrom: Int32Array;
  readonly idTo: Int32Array;
  readonly atFrom: Int32Array;
  readonly atTo: Int32Array;
};

/** Of a `subjectId`, in bytes. */
export const LENGTH_OF_SUBJECT = 16;

/** Plain rows as they are kept: of each, whose it is, and what else a `KeptRow` has. */
export type KeptPlainRows = Omit<PlainRows, 'document'> & {
  /** Whose each is: which of `subjectIds`. */
  readonly person: Int32Array;
  /** One after the other, as bytes. */
  readonly subjectIds: Uint8Array;
  /** 1 where a row before it may stand for the same sale. */
  readonly again: Uint8Array;
};

/**
 * Documents of many people in one text, each in eleven digits and in the order of its people. It is
 * sealed as field `documents` under the statement's own key, and kept until the run has ended.
 */
export type SealedDocuments = {
  readonly subjectIds: readonly string[];
  readonly sealed: string;
};

/** A row is in one of the two; in any order. Everybody's document is there once, at least. */
export type KeptRows = {
  readonly rows: readonly KeptRow[];
  readonly plain: readonly KeptPlainRows[];
  readonly documents: readonly SealedDocuments[];
};

export type Unfinished = {
  readonly id: StatementId;
  /** Nothing when whoever took it did not get as far. */
  readonly conciliationId: ConciliationId | null;
};

/** Where statements are kept from their upload to the end of their run. */
export type Statements = {
  /** All of the rows; none of them if they break off, or when this throws. */
  readonly keep: (id: StatementId, rows: AsyncIterable<KeptRows>) => Promise<void>;
  /** What it is to be set against the log as. */
  readonly assign: (id: StatementId, to: ConciliationId) => Promise<void>;
  readonly drop: (id: StatementId) => Promise<void>;
  /** Those that were kept more than so long ago, and whose run has not ended. */
  readonly keptBefore: (minutes: number) => Promise<readonly Unfinished[]>;
};

/**
 * What an item is about, in cents without a sign; nothing if there is no such item, or nobody has to
 * look at it, or there is no report yet.
 */
export type FindingAmount = (
  conciliationId: ConciliationId,
  item: string,
) => Promise<number | undefined>;

/**
 * Lets go of the documents of whoever was erased that stand under a statement's key, since nobody
 * knew yet whom they are of when it was sealed. It may be asked again.
 */
export type ForgetInStatements = (subjectId: string) => Promise<void>;

/** A row of a statement that says what became of a sale of which nobody knew. */
export type ConfirmingItem = {
  /** As it is called in paths. */
  readonly item: string;
  readonly saleId: SaleId;
  /** What the partner calls it; nothing where they give it no id. */
  readonly partnerId: string | null;
  /** How much the two sides are apart, without a sign. */
  readonly amountInCents: number;
};

/** All of those of a report, in its order, a chunk at a time. */
export type ConfirmingItems = (
  statementId: StatementId,
) => AsyncIterable<readonly ConfirmingItem[]>;
