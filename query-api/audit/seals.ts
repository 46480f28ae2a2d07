import { SEALS } from '#shared/audit/events.ts';
import { isSeal, sealFrom, type Seal } from '#shared/audit/stored.ts';
import type { StoredLog } from '#shared/kernel/stored-log.ts';

/** Newest first, `limit` at most, of those before a revision. */
export const sealsBefore = async (
  log: StoredLog,
  limit: number,
  before: bigint | undefined,
): Promise<Seal[]> => {
  const seals: Seal[] = [];
  let place = before;
  for (;;) {
    const { events, upTo, more } = await log.streamBefore(SEALS, place);
    seals.push(...events.filter(isSeal).map(sealFrom));
    if (seals.length >= limit || !more) return seals.slice(0, limit);
    place = upTo;
  }
};

export const sealById = async (log: StoredLog, id: string): Promise<Seal | undefined> => {
  let place: bigint | undefined;
  for (;;) {
    const { events, upTo, more } = await log.streamBefore(SEALS, place);
    const found = events.find((event) => event.id === id && isSeal(event));
    if (found) return sealFrom(found);
    if (!more) return undefined;
    place = upTo;
  }
};

export const shownSeal = ({ id, from, to, events, root, previous, at }: Seal) => ({
  ...{ id, from, to, events, root, previous },
  at,
});
