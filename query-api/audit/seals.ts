import { SEALS } from '#shared/audit/events.ts';
import { isSeal, sealFrom, type Seal } from '#shared/audit/stored.ts';
import type { StoredLog } from '#shared/kernel/stored-log.ts';

/** Newest first, of those before a revision. */
const sealsIn = async function* (log: StoredLog, before?: bigint): AsyncGenerator<readonly Seal[]> {
  let place = before;
  for (;;) {
    const { events, upTo, more } = await log.streamBefore(SEALS, place);
    yield events.filter(isSeal).map(sealFrom);
    if (!more) return;
    place = upTo;
  }
};

/** Newest first, `limit` at most, of those before a revision. */
export const sealsBefore = async (
  log: StoredLog,
  limit: number,
  before: bigint | undefined,
): Promise<Seal[]> => {
  const found: Seal[] = [];
  for await (const seals of sealsIn(log, before)) {
    found.push(...seals);
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
};

export const sealById = async (log: StoredLog, wanted: string): Promise<Seal | undefined> => {
  for await (const seals of sealsIn(log)) {
    const found = seals.find(({ id }) => id === wanted);
    if (found) return found;
  }
  return undefined;
};

export const shownSeal = ({ id, from, to, events, root, previous, at }: Seal) => ({
  ...{ id, from, to, events, root, previous },
  at,
});
