import { itemName } from '#shared/conciliation/tables.ts';
import { reasonInWords } from '#shared/conciliation/words.ts';
import { maskedCpf } from '#shared/kernel/cpf.ts';
import { amountText } from '#shared/kernel/money.ts';
import { unseal, type PersonalKeys } from '#shared/kernel/personal.ts';
import type { ItemFound } from './items.ts';

const FIELD = 'document';

const orNull = (inCents: string | null): string | null =>
  inCents === null ? null : amountText(Number(inCents));

type Documents = { readonly ours: string | null; readonly theirs: string | null };

const oursOf = (item: ItemFound, { ours: document }: Documents) =>
  item.sale_id === null
    ? null
    : {
        ...{ saleId: item.sale_id, partnerId: item.our_id, document },
        ...{ amount: orNull(item.our_amount), day: item.our_day, status: item.our_status },
        ...{ attempts: item.attempts, stream: `sale-${item.sale_id}` },
      };

const theirsOf = (item: ItemFound, { theirs: document }: Documents) =>
  item.theirs
    ? {
        ...{ line: item.line, id: item.their_id, document },
        ...{ amount: orNull(item.their_amount), at: item.their_at },
      }
    : null;

const shown = (item: ItemFound, documents: Documents) => {
  const theirs = item.theirs ? Number(item.their_amount ?? 0) : 0;
  const ours = item.ours ? Number(item.our_amount ?? 0) : 0;
  return {
    id: itemName(item),
    category: item.category,
    reason: reasonInWords(item.category, item.reason),
    document: documents.theirs ?? documents.ours,
    ours: oursOf(item, documents),
    theirs: theirsOf(item, documents),
    difference: amountText(theirs - ours),
  };
};
export type ItemShown = ReturnType<typeof shown>;

/** Items with documents in clear, or masked; `null` where the person was erased. */
export const showItems = async (
  keys: PersonalKeys,
  items: readonly ItemFound[],
  seesPeople: boolean,
): Promise<readonly ItemShown[]> => {
  const subjects = items.flatMap(({ sealed_for, our_subject, our_document }) => [
    ...(sealed_for === null ? [] : [sealed_for]),
    ...(our_subject === null || our_document === null ? [] : [our_subject]),
  ]);
  const found = await keys.find([...new Set(subjects)]);
  const open = (sealed: string | null, subjectId: string | null): string | null => {
    const key = subjectId === null ? undefined : found.get(subjectId);
    if (sealed === null || subjectId === null || !key) return null;
    const document = unseal(sealed, key, { subjectId, field: FIELD });
    return seesPeople ? document : maskedCpf(document);
  };

  return items.map((item) => {
    const ours = open(item.our_document, item.our_subject);
    const own = open(item.document, item.sealed_for);
    // Their copy is kept only where our sale is of somebody else, or is not there.
    const isSame = item.our_subject !== null && item.our_subject === item.their_subject;
    return shown(item, { ours, theirs: isSame ? ours : own });
  });
};
