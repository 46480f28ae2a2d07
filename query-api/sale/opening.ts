import { unseal, type PersonalKeys } from '#shared/kernel/personal.ts';
import type { SaleAttempt, SaleRow } from '#shared/sale/view.ts';

/** A sale with what is personal of it in clear; nothing of it once the person was erased. */
export type OpenedSale = Omit<SaleRow, 'received'> & {
  /** What was sent of a refused sale, when all of it is there. */
  readonly received: string | null;
};

type Open = (sealed: string, field: string) => string;

const attempt = ({ body, ...rest }: SaleAttempt, open: Open | undefined): SaleAttempt =>
  body === undefined || !open ? rest : { ...rest, body: open(body, 'body') };

const opened = (row: SaleRow, open: Open | undefined): OpenedSale => {
  const { document, name, errors, received, received_parts: parts } = row;
  const inClear = (sealed: string | null, field: string) =>
    sealed === null || !open ? null : open(sealed, field);
  const isWhole = parts > 0 && received.length === parts;
  return {
    ...row,
    document: inClear(document, 'document'),
    name: inClear(name, 'name'),
    errors: inClear(errors, 'errors'),
    received: isWhole && open ? received.map((part) => open(part, 'received')).join('') : null,
    attempts: row.attempts.map((one) => attempt(one, open)),
  };
};

/** The keys of a whole page are found in one go. */
export const openSales = async (
  keys: PersonalKeys,
  rows: readonly SaleRow[],
): Promise<readonly OpenedSale[]> => {
  const found = await keys.find([...new Set(rows.map(({ subject_id }) => subject_id))]);
  return rows.map((row) => {
    const subjectId = row.subject_id;
    const key = found.get(subjectId);
    return opened(row, key && ((sealed, field) => unseal(sealed, key, { subjectId, field })));
  });
};
