import type { StoredEvent, StoredLog } from '#shared/kernel/stored-log.ts';
import { leafOf } from './leaf.ts';
import type { Digest, Inclusion, SealedStretch } from './ports.ts';
import { isSeal } from './stored.ts';
import { merkleTree } from './tree.ts';

type Found = Pick<Inclusion, 'index' | 'leaf'>;

/** A digest that events are added to in the order of the log. */
export const digesting = ({ after, event: wanted }: Omit<SealedStretch, 'upTo'>) => {
  const tree = merkleTree();
  let seals = 0;
  let last = after;
  let found: Found | undefined;

  return {
    add: (event: StoredEvent): void => {
      const leaf = leafOf(event);
      const isWanted = event.id === wanted && !found;
      if (isWanted) found = { index: tree.size(), leaf: leaf.toString('hex') };
      tree.add(leaf, isWanted);
      if (isSeal(event)) seals += 1;
      last = event.position;
    },
    close: (): Digest => {
      const events = tree.size();
      const { root, path } = tree.close();
      return { root, events, seals, last, ...(found && { inclusion: { ...found, path } }) };
    },
  };
};

/** Called between two pages, with the milliseconds that the last one took. */
export type Rest = (tookMs: number) => Promise<unknown>;

/** In one pass, with a page of the log in memory at a time. @throws {StoreAway} */
export const digestOf = async (
  log: Pick<StoredLog, 'page'>,
  stretch: SealedStretch,
  rest: Rest = () => Promise.resolve(),
): Promise<Digest> => {
  const digest = digesting(stretch);
  for (let place = stretch.after; place < stretch.upTo;) {
    const begun = performance.now();
    const { events, upTo, more } = await log.page(place);
    for (const event of events) if (event.position <= stretch.upTo) digest.add(event);
    place = upTo;
    if (!more) break;
    await rest(performance.now() - begun);
  }
  return digest.close();
};
