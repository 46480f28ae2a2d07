// A statement of so many rows, and sales that nearly all of them are of: for measurements.
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { ourSalesTable } from '#shared/conciliation/view.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import { amountText } from '#shared/kernel/money.ts';
import { personOf } from '#shared/kernel/person.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { someCpfs } from '../test/support/some-cpfs.ts';

const BUYERS = 100_000;
const CHUNK = 5_000;
const DAY = '2026-01-10';

export const hashKey = randomBytes(32);
const cpfs = someCpfs(BUYERS);
const hash = keyedHash(hashKey);
const subjects = cpfs.map((cpf) => personOf(hash, cpf));
const cents = (nth: number) => 500 + (nth % 9_000);

/** One in a thousand is missing, and one in a thousand has another amount. */
const isMissing = (nth: number) => nth % 1_000 === 500;
const amountOf = (nth: number) => cents(nth) + (nth % 1_000 === 700 ? 1 : 0);

const chunks = async function* (rows: number, lineOf: (nth: number) => string) {
  for (let from = 0; from < rows; from += CHUNK) {
    let some = '';
    for (let nth = from; nth < Math.min(from + CHUNK, rows); nth++) some += lineOf(nth);
    yield await Promise.resolve(some);
  }
};

const saleLine = (nth: number): string =>
  [
    ...[derivedId('bench', String(nth)), subjects[nth % BUYERS], DAY, `${DAY} 13:00:00+00`],
    ...[100_000, cents(nth), '1', '\\N', nth + 1, nth + 1, 'ACCEPTED', `p${nth}`, 1],
    `[["${nth + 1}","CALCULATED",null,0],["${nth + 1}","CALCULATED",null,1]]`,
  ].join('\t') + '\n';
const COLUMNS =
  'sale_id, subject_id, sold_on, sold_at, total, cashback, rule_set, document, received_position, position, status, partner_id, attempts, earlier';

const statementLine = (nth: number, round: number): string =>
  isMissing(nth)
    ? ''
    : `p${nth},${cpfs[nth % BUYERS] ?? ''},${amountText(amountOf(nth))},${DAY}T13:00:0${round}.000Z\n`;

/** Another one each round: the same again would be the same conciliation. */
export const writeStatement = async (path: string, rows: number, round: number): Promise<void> => {
  const lines = async function* () {
    yield 'id,document,cashback,createdAt\n';
    yield* chunks(rows, (nth) => statementLine(nth, round));
  };
  await pipeline(Readable.from(lines(), { objectMode: false }), createWriteStream(path));
};

const copy = (client: pg.Client, into: string, source: Readable): Promise<void> =>
  pipeline(source, client.query(copyFrom(`copy ${into} from stdin`)));

export const fillSales = async (client: pg.Client, rows: number): Promise<void> => {
  await client.query(`truncate ${ourSalesTable}`);
  const lines = Readable.from(chunks(rows, saleLine), { objectMode: false });
  await copy(client, `${ourSalesTable} (${COLUMNS})`, lines);
  await client.query(`vacuum analyze ${ourSalesTable}`);
};
