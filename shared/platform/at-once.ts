import { BadConfig } from './config.ts';

type Readers<T> = { readonly [Name in keyof T]: () => T[Name] | Promise<T[Name]> };

/**
 * Reads several settings side by side.
 * @throws {BadConfig} saying all that is wrong with any of them, in one line.
 */
export const atOnce = async <T extends object>(readers: Readers<T>): Promise<T> => {
  const all = Object.entries<() => unknown>(readers);
  const settled = await Promise.allSettled(all.map(async ([, read]) => await read()));
  const flaws = settled.flatMap((one) => {
    if (one.status === 'fulfilled') return [];
    if (one.reason instanceof BadConfig) return one.reason.message.split('; ');
    throw one.reason as Error;
  });
  if (flaws.length > 0) throw new BadConfig([...new Set(flaws)].join('; '));
  const values = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  return Object.fromEntries(all.map(([name], nth) => [name, values[nth]])) as T;
};
