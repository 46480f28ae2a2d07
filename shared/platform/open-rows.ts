import { unseal, type PersonalKeys } from '#shared/kernel/personal.ts';

/** Which columns of a row are sealed, and as which field of whom. */
export type SealedColumns<Row> = {
  readonly subject: keyof Row & string;
  /** Each sealed column, and the field of the event that it was sealed as. */
  readonly fields: readonly (readonly [column: keyof Row & string, field: string])[];
};

/**
 * Rows with their personal columns in clear; `null` where the person was erased. The keys of a
 * whole page are found in one go.
 */
export const openRows = async <Row extends object>(
  keys: PersonalKeys,
  { subject, fields }: SealedColumns<Row>,
  rows: readonly Row[],
): Promise<Row[]> => {
  const subjectOf = (row: Row) => String(row[subject]);
  const found = await keys.find([...new Set(rows.map(subjectOf))]);

  return rows.map((row) => {
    const subjectId = subjectOf(row);
    const key = found.get(subjectId);
    const clear = fields.map(([column, field]) => {
      const sealed = row[column];
      if (!key || typeof sealed !== 'string') return [column, null] as const;
      return [column, unseal(sealed, key, { subjectId, field })] as const;
    });
    return { ...row, ...Object.fromEntries(clear) };
  });
};
