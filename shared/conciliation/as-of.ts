import { KEPT } from './tables.ts';

// How our sales stood at `:position`, as SQL on the view that keeps their past, called `h`.

/** Of what a sale was before, how it stood last at a position: a `Standing`, as JSON. */
export const STOOD = `${KEPT}.stood`;

/** Most have not changed since, and then nothing is looked up. */
const asOf = (column: string, place: number, type: string) =>
  `case when h.position <= :position then h.${column}
        else (${STOOD}(h.earlier, :position) ->> ${place})::${type} end`;

export const STATUS_AS_OF = asOf('status', 1, 'text');
/** What a partner writes where it has no id to give is none. */
export const PARTNER_ID_AS_OF = `nullif(${asOf('partner_id', 2, 'text')}, 'NaN') collate "C"`;
export const ATTEMPTS_AS_OF = asOf('attempts', 3, 'integer');

/** All sales in that view, by its name, that had been received at the position, as they stood there. */
export const salesAsOf = (sales: string, where: string): string => `
  select h.sale_id, h.subject_id, h.sold_on, h.rule_set, h.received_position as position,
         h.sold_at at time zone 'America/Sao_Paulo' as clock, h.total, h.cashback, h.document,
         ${STATUS_AS_OF} as status, ${PARTNER_ID_AS_OF} as partner_id,
         ${ATTEMPTS_AS_OF} as attempts
    from ${sales} h
   where h.received_position <= :position and ${where}`;

/** Between `:from` and `:to`. */
export const IN_PERIOD = 'h.sold_on between :from and :to';
