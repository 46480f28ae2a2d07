/** One row per person who was erased: projections write it, queries read it. It names nobody. */
export const erasuresTable = 'erasures_view';
export const erasuresView = 'erasures';

export type ErasureRow = {
  /** The receipt's. */
  readonly erasure_id: string;
  readonly subject_id: string;
  /** Which kinds of data nobody can read any more. */
  readonly what: readonly string[];
  readonly erased_at: Date;
  /** The order of lists. A bigint, in decimal. */
  readonly position: string;
};
