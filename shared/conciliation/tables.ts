// What is kept of statements and of what came of them. It is no view: it is made of what others
// wrote, which is not in the log.

import type { Change } from './categories.ts';

export const KEPT = 'conciliation';

const suffix = (statementId: string) => statementId.replaceAll(/[^0-9a-f]/g, '');

/** Where the rows of a statement are, until its run has ended. */
export const rowsTable = (statementId: string): string => `rows_${suffix(statementId)}`;

/** Where the documents of its people are, sealed together, until its run has ended. */
export const documentsTable = (statementId: string): string => `documents_${suffix(statementId)}`;

/** Where the items of a statement's run are, for good. */
export const itemsTable = (statementId: string): string => `items_${suffix(statementId)}`;

/** What is new, recurring and cleared since the report before it; only where there is one. */
export const changesTable = (statementId: string): string => `changes_${suffix(statementId)}`;

/** Stands for the line of what the statement has no row for: behind all lines. */
export const NO_LINE = 2_147_483_647;

/**
 * A row of either side, or one of each, in its category. A pair that is all there is to it has no
 * more of our sale than `sale_id` and its amount: the rest is as that stood at the position.
 */
export type ItemRow = {
  /** Where in the statement; `NO_LINE` if it is not there. */
  readonly line: number;
  /** Where in the log our sale was received; a bigint, in decimal; 0 if there is none on our side. */
  readonly position: string;
  readonly category: string;
  /** A code; what it means is said in words when it is shown. */
  readonly reason: string;
  /** Whether it is one of the rows that were read on our side, and on theirs. */
  readonly ours: boolean;
  readonly theirs: boolean;
  /** Our sale; also where it is only mentioned. */
  readonly sale_id: string | null;
  readonly our_id: string | null;
  readonly our_subject: string | null;
  /** Cents; a bigint, in decimal. */
  readonly our_amount: string | null;
  readonly our_status: string | null;
  readonly our_day: string | null;
  readonly attempts: number | null;
  readonly their_id: string | null;
  readonly their_subject: string | null;
  readonly their_amount: string | null;
  readonly their_at: string | null;
  /** Sealed as field `document` under `sealed_for`; only where our sale does not have it. */
  readonly document: string | null;
  readonly sealed_for: string | null;
};

/** A finding, and what it was in the report before. */
export type ChangeRow = {
  /** Of the item; nothing once it is cleared, as is the next. */
  readonly line: number | null;
  readonly position: string | null;
  readonly change: Change;
  /** Of the item in the report before; nothing if it is new, as is the next. */
  readonly was_line: number | null;
  readonly was_position: string | null;
};

/** As an item is called in paths: its line in the statement, and where in the log our sale is. */
export const itemName = ({ line, position }: Pick<ItemRow, 'line' | 'position'>): string =>
  `${line === NO_LINE ? 0 : line}-${position}`;
