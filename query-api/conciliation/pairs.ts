import { IN_PERIOD, salesAsOf } from '#shared/conciliation/as-of.ts';
import { PAIRS } from '#shared/conciliation/pairs.ts';
import { itemsTable, KEPT, rowsTable } from '#shared/conciliation/tables.ts';
import { ourSalesTable, type ConciliationRow } from '#shared/conciliation/view.ts';

type Run = Pick<ConciliationRow, 'statement_id' | 'source'>;

/**
 * The rows that no item is about, each with the sale that says the same, as that stood at the
 * position: columns as an item has them, `:limit` after `:line`, in the order of the statement.
 */
export const pairsAfter = ({ statement_id: id, source }: Run): string => {
  const { reason, amount, agreed, found } = PAIRS[source];
  const same = agreed.map(({ theirs, ours }) => `${theirs} = ${ours}`).join(' and ');
  const salesBy = (which: string) =>
    `select * from (${salesAsOf(ourSalesTable, `${which} and ${IN_PERIOD}`)}) o where ${same}`;
  // The second is looked for only where the first finds none.
  const sale = [...(found === undefined ? [] : [found]), 'h.subject_id = s.subject']
    .map(salesBy)
    .join(' union all ');
  return `
    select s.line, coalesce(o.position, 0), 'MATCHED', '${reason}', true, true, o.sale_id,
           o.partner_id, o.subject_id, o.${amount}, o.status, o.sold_on, o.attempts, s.id,
           s.subject, s.amount, s.at, null, null, o.document
      from (select * from ${KEPT}.${rowsTable(id)} s
             where s.line > :line
               and not exists (select from ${KEPT}.${itemsTable(id)} i where i.line = s.line)
             order by s.line limit :limit) s
      left join lateral (${sale} limit 1) o on true`;
};
