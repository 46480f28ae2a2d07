import type { ProductsOf } from '#shared/favourite/ports.ts';

const productsOf: ProductsOf = () => Promise.resolve(new Map());

/** Nothing is known of any product, or held about anybody, for specs that do not ask. */
export const noProducts = {
  ...{ productsOf, linkTo: (id: string) => id },
  heldIn: () => Promise.resolve([]),
};
