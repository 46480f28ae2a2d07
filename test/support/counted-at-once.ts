import { setTimeout as pause } from 'node:timers/promises';

/** Work that takes so long each time, and how much of it was under way at once, at most. */
export const countedAtOnce = (tookMs: number) => {
  let [underWay, most] = [0, 0];
  const work = async (): Promise<void> => {
    underWay += 1;
    most = Math.max(most, underWay);
    await pause(tookMs);
    underWay -= 1;
  };
  return { work, most: () => most };
};
