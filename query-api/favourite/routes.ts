import type { Knex } from 'knex';
import { customersView } from '#shared/customer/view.ts';
import type { ProductsOf, ShownProduct } from '#shared/favourite/ports.ts';
import { FAVOURITE_STATUSES, favouritesView, type FavouriteRow } from '#shared/favourite/view.ts';
import { CustomerId, ProductId } from '#shared/ids.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { cursorOf, listOf, listParameters, page } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { favouritesBefore, isCustomer } from './queries.ts';

export type FavouriteQueries = {
  readonly db: Knex;
  readonly productsOf: ProductsOf;
  /** Where a product is to be found. */
  readonly linkTo: (productId: string) => string;
};

/** Whatever is not listed is shown without what the partner says of the product. */
const Favourite = Type.Object({
  productId: ProductId,
  link: Type.String(),
  /** Only where a status was asked for. */
  status: Type.Optional(oneOf(FAVOURITE_STATUSES)),
  /** False once the partner does not know it any more. */
  available: Type.Optional(Type.Boolean()),
  title: Type.Optional(Type.String()),
  image: Type.Optional(Type.String()),
  /** As the partner says it. */
  price: Type.Optional(Type.Number()),
  brand: Type.Optional(Type.String()),
  reviewScore: Type.Optional(Type.Number()),
  /** The partner could not be asked lately: this is what it said last. */
  stale: Type.Optional(Type.Literal(true)),
});

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const described = ({ product, available, stale }: ShownProduct) => {
  const said = stale ? { available, stale } : { available };
  if (!product) return said;
  const { title, image, price, brand, reviewScore } = product;
  const score = reviewScore === undefined ? {} : { reviewScore };
  return { ...said, title, image, price, brand, ...score };
};

export const favouriteRoutes = ({ db, productsOf, linkTo }: FavouriteQueries): Route[] => [
  route({
    method: 'get',
    path: '/v1/customers/{id}/favourites',
    summary: 'The list of a customer, newest first',
    access: ['customer-app'],
    thing: 'customer',
    params: { id: CustomerId },
    query: { ...listParameters, status: Type.Optional(oneOf(FAVOURITE_STATUSES)) },
    reads: [customersView, favouritesView],
    answers: { 200: listOf(Favourite) },
    refusals: { 'customer-not-found': { status: 404, title: 'No such customer' } },
    handle: async ({ params: { id }, query: { limit, cursor, status: asked } }) => {
      const status = asked ?? 'LISTED';
      const before = place.read(cursor)?.position;
      const [isKept, rows] = await Promise.all([
        isCustomer(db, id),
        favouritesBefore(db, { customerId: id, status }, { limit: limit + 1, before }),
      ]);
      if (!isKept) return { outcome: 'refused', reason: 'customer-not-found' };

      const ids = rows.slice(0, limit).map(({ product_id: productId }) => productId);
      const products = status === 'LISTED' ? await productsOf(ids) : new Map<string, never>();
      const shown = ({ product_id: productId, ...row }: FavouriteRow) => {
        const product = products.get(productId);
        return {
          productId,
          ...(product && described(product)),
          link: linkTo(productId),
          ...(asked !== undefined && { status: row.status }),
        };
      };
      return page(rows, limit, shown, ({ position }) => place.write({ position }));
    },
  }),
];
