import type { Knex } from 'knex';
import { IN_PERIOD } from '#shared/conciliation/as-of.ts';
import type { Matched, PairSums, SideSums } from '#shared/conciliation/commands.ts';
import type { Pairs } from '#shared/conciliation/pairs.ts';
import { ourAmount, oursAsOf, type Sides } from './sides.ts';

export type Bound = Readonly<Record<string, string>>;
type Raw = Readonly<Record<string, string | null>>;

export const rowsOf = async (tx: Knex, sql: string, bound: Bound = {}): Promise<readonly Raw[]> => {
  const { rows } = await tx.raw<{ readonly rows: readonly Raw[] }>(sql, bound);
  return rows;
};

/** Of all of the rows, exact where numbers would not be. */
const summed = (rows: readonly Raw[], name: string): bigint =>
  rows.reduce((all, row) => all + BigInt(row[name] ?? 0), 0n);

export const total = (rows: readonly Raw[], prefix = ''): SideSums => ({
  rows: Number(summed(rows, `${prefix}rows`)),
  amountInCents: Number(summed(rows, `${prefix}amount`)),
  identity: String(summed(rows, `${prefix}identity`)),
});

export type Read = Pick<Matched, 'ruleSets' | 'read' | 'pairs'>;

/** Of one side, from rows that say whether they are in a pair, and with what `identity`. */
const SUMS = `
  is_paired::text as is_paired, count(*)::text as rows, sum(amount)::text as amount,
  sum(identity)::text as identity, sum(fingerprint)::text as fingerprint`;

const paired = (rows: readonly Raw[]): PairSums => {
  const pairs = rows.filter(({ is_paired: isPaired }) => isPaired === 'true');
  return { ...total(pairs), fingerprint: String(summed(pairs, 'fingerprint')) };
};

const HASHES = {
  text: 'hashtextextended',
  uuid: 'uuid_hash_extended',
  bigint: 'hashint8extended',
  timestamp: 'timestamp_hash_extended',
} as const;

/** 64 bits of all that a pair agrees in. Sums of them are the same where the pairs are. */
const fingerprintOf = ({ agreed }: Pairs, side: 'theirs' | 'ours'): string =>
  agreed.reduce((seed, { type, [side]: column }) => `${HASHES[type]}(${column}, ${seed})`, '0');

const theirsRead = ({ rows, items }: Sides, how: Pairs): string => `
  select ${SUMS}
    from (select s.line as identity, s.amount, i.line is null as is_paired,
                 case when i.line is null then ${fingerprintOf(how, 'theirs')} end as fingerprint
            from ${rows} s
            left join (select distinct line from ${items} where theirs) i on i.line = s.line) r
   group by is_paired`;

const oursRead = (sides: Sides, how: Pairs): string => `
  select rule_set, ${SUMS}
    from (select o.rule_set, o.position as identity, ${ourAmount('o', how.amount)} as amount,
                 i.position is null as is_paired,
                 case when i.position is null then ${fingerprintOf(how, 'ours')} end as fingerprint
            from (${oursAsOf(sides, IN_PERIOD)}) o
            left join (select distinct position from ${sides.items} where ours) i
              on i.position = o.position) r
   group by rule_set, is_paired order by rule_set collate "C"`;

/**
 * What was read of each side, counted where it was read and not where it was put; and what of that
 * is in no item, which are the pairs: as long as the same is left of both sides, to the last bit.
 */
export const readOf = async (tx: Knex, how: Pairs, sides: Sides, bound: Bound): Promise<Read> => {
  const theirs = await rowsOf(tx, theirsRead(sides, how));
  const ours = await rowsOf(tx, oursRead(sides, how), bound);
  return {
    ruleSets: [...new Set(ours.map((row) => row['rule_set']))].filter(
      (one) => typeof one === 'string',
    ),
    read: { theirs: total(theirs), ours: total(ours) },
    pairs: { theirs: paired(theirs), ours: paired(ours) },
  };
};
