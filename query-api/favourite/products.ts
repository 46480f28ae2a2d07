import { LRUCache } from 'lru-cache';
import type {
  AskForProduct,
  KnownProduct,
  ProductsOf,
  ProductStore,
  ShownProduct,
} from '#shared/favourite/ports.ts';
import type { ProductId } from '#shared/ids.ts';

const REMEMBERED_PRODUCTS = 50_000;
/** So many are being asked about, or are waiting to be; for others there is no refreshing yet. */
const MOST_UNDER_WAY = 1_000;

export type CacheDeps = {
  readonly ask: AskForProduct;
  readonly store: ProductStore;
  readonly ttlMs: number;
  /** How long somebody waits for what nothing is known of yet. */
  readonly waitMs: number;
  /** In milliseconds. */
  readonly now: () => number;
  /** Hears what went wrong in the background. */
  readonly onTrouble: (error: unknown) => void;
};

type Known = ReadonlyMap<string, KnownProduct>;

/** What is known to this process, or to any: memory first, then the store for all. */
const memoryOf = (store: ProductStore, isFresh: (known: KnownProduct) => boolean) => {
  const memory = new LRUCache<string, KnownProduct>({ max: REMEMBERED_PRODUCTS });
  return {
    get: (id: string) => memory.get(id),
    put: (known: KnownProduct) => memory.set(known.productId, known),
    find: async (ids: readonly string[]): Promise<Map<string, KnownProduct>> => {
      const found = new Map<string, KnownProduct>();
      for (const id of ids) {
        const known = memory.get(id);
        if (known) found.set(id, known);
      }
      // Another process may have asked since: what has become old is looked up as well.
      const wanted = ids.filter((id) => {
        const known = found.get(id);
        return !known || !isFresh(known);
      });
      for (const known of await store.read(wanted)) {
        found.set(known.productId, known);
        memory.set(known.productId, known);
      }
      return found;
    },
  };
};

/** One call for each product, however many ask for it. */
const refreshing = (
  { ask, store, now, onTrouble }: CacheDeps,
  { get, put }: Pick<ReturnType<typeof memoryOf>, 'get' | 'put'>,
) => {
  const underWay = new Map<string, Promise<void>>();

  const refresh = async (id: string): Promise<void> => {
    const answer = await ask(id as ProductId);
    if (answer.outcome === 'unavailable') return;
    const product = answer.outcome === 'found' ? answer.product : (get(id)?.product ?? null);
    const known = {
      ...{ productId: id, product, fetchedAt: new Date(now()) },
      available: answer.outcome === 'found',
    };
    put(known);
    await store.write(known);
  };

  return (id: string): Promise<void> => {
    const before = underWay.get(id);
    if (before) return before;
    if (underWay.size >= MOST_UNDER_WAY) return Promise.resolve();
    const work = refresh(id)
      .catch(onTrouble)
      .finally(() => underWay.delete(id));
    underWay.set(id, work);
    return work;
  };
};

const within = async (work: Promise<unknown>, waitMs: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, waitMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
};

/**
 * What is known of products. What is older than it should be is shown all the same, and asked for
 * in the background; only what nothing is known of is waited for.
 */
export const productCache = (deps: CacheDeps): ProductsOf => {
  const { ttlMs, waitMs, store, now } = deps;
  const isFresh = ({ fetchedAt }: KnownProduct) => now() - fetchedAt.getTime() < ttlMs;
  const memory = memoryOf(store, isFresh);
  const refresh = refreshing(deps, memory);

  const shown = (id: string, found: Known): [string, ShownProduct] => {
    const known = memory.get(id) ?? found.get(id);
    // Of what nobody could be asked about it is not said that there is none.
    if (!known) return [id, { product: null, available: true, stale: true }];
    return [id, { product: known.product, available: known.available, stale: !isFresh(known) }];
  };

  return async (ids) => {
    const found = await memory.find(ids);
    for (const known of found.values()) if (!isFresh(known)) void refresh(known.productId);
    const unheardOf = ids.filter((id) => !found.has(id));
    if (unheardOf.length > 0) await within(Promise.all(unheardOf.map(refresh)), waitMs);
    return new Map(ids.map((id) => shown(id, found)));
  };
};
