import type { Knex } from 'knex';
import type { KnownProduct, Product, ProductStore } from '#shared/favourite/ports.ts';

const LARGEST_STORE = 500_000;
/** It is looked whether there are too many after so many were written. */
const WRITES_BETWEEN_LOOKS = 1_000;

/** What partners said of products. Nobody's data, and gone without harm: it is asked for again. */
export const productsSchema = {
  name: 'products',
  up: async (db: Knex): Promise<void> => {
    await db.raw(`
      create table product (
        product_id uuid primary key,
        product jsonb,
        available boolean not null,
        fetched_at timestamptz not null
      )`);
    await db.raw('create index product_by_age on product (fetched_at)');
  },
};

type Row = {
  readonly product_id: string;
  readonly product: Product | null;
  readonly available: boolean;
  readonly fetched_at: Date;
};

/** Keeps what was found out for all processes; what is oldest goes when there is too much. */
export const productStore = (db: Knex, { largest = LARGEST_STORE } = {}): ProductStore => {
  let writes = 0;
  const trim = () =>
    db.raw(
      `delete from product where product_id in
         (select product_id from product order by fetched_at desc offset ?)`,
      [largest],
    );

  return {
    read: async (ids) => {
      if (ids.length === 0) return [];
      const { rows } = await db.raw<{ readonly rows: readonly Row[] }>(
        'select * from product where product_id = any(?::uuid[])',
        [ids as string[]],
      );
      return rows.map(({ product_id: productId, product, available, fetched_at: fetchedAt }) => ({
        ...{ productId, product, available, fetchedAt },
      }));
    },
    write: async ({ productId, product, available, fetchedAt }: KnownProduct) => {
      // What is not available any more is remembered as it was last seen.
      await db.raw(
        `insert into product values (?, ?::jsonb, ?, ?)
         on conflict (product_id) do update
           set product = coalesce(excluded.product, product.product),
               available = excluded.available, fetched_at = excluded.fetched_at
           where product.fetched_at < excluded.fetched_at`,
        [productId, product === null ? null : JSON.stringify(product), available, fetchedAt],
      );
      writes += 1;
      if (writes % WRITES_BETWEEN_LOOKS === 0) await trim();
    },
  };
};
