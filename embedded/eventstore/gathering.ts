/** What comes one by one and is taken many at a time. */
export type Gathering<Item> = {
  readonly add: (item: Item) => void;
  readonly size: () => number;
  readonly items: () => readonly Item[];
  /** Takes the first few: while they fit, but one at least. */
  readonly take: (fits: (item: Item, index: number) => boolean) => Item[];
  /** Resolves when there are so many, or when the time is up. */
  readonly toHave: (count: number, limitMs: number) => Promise<void>;
};

export const gathering = <Item>(): Gathering<Item> => {
  const items: Item[] = [];
  let look: (() => void) | undefined;

  return {
    add: (item) => {
      items.push(item);
      look?.();
    },
    size: () => items.length,
    items: () => items,
    take: (fits) => {
      const end = items.findIndex((item, index) => !fits(item, index) && index > 0);
      return items.splice(0, end === -1 ? items.length : end);
    },
    toHave: async (count, limitMs) => {
      if (items.length >= count) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, limitMs);
        look = () => {
          if (items.length < count) return;
          clearTimeout(timer);
          resolve();
        };
      });
      look = undefined;
    },
  };
};
