/**
 * Lets so many begin in one turn of the event loop. What they send leaves at its end: with all
 * that came together begun in one turn, whoever they ask would sit idle until the last has begun,
 * and they all would when it answers.
 */
export const turnsOf = (most: number): (() => Promise<void>) => {
  const waiting: (() => void)[] = [];
  let begun = 0;

  const nextTurn = (): void => {
    const those = waiting.splice(0, most);
    begun = those.length;
    if (begun > 0) setImmediate(nextTurn);
    for (const begin of those) begin();
  };

  return () => {
    if (begun === 0) setImmediate(nextTurn);
    begun += 1;
    if (begun <= most) return Promise.resolve();
    return new Promise((begin) => waiting.push(begin));
  };
};
