import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { StoredEvent } from '#shared/kernel/stored-log.ts';
import { digesting } from './digest.ts';
import type { Digest } from './ports.ts';
import { Unreadable } from '#shared/kernel/schema.ts';
import { isSeal, sealFrom, type Seal } from './stored.ts';

/** A seal, and all that is wrong with it or with what it covers; it holds when that is nothing. */
export type CheckedSeal = Seal & { readonly flaws: readonly string[] };

export type Verified = {
  readonly seals: readonly CheckedSeal[];
  /** What is wrong beside the seals: with the order of events, and with the history of things. */
  readonly flaws: readonly string[];
  /** Events that are under a seal, and events since. */
  readonly sealed: number;
  readonly unsealed: number;
};

/** Whose revisions are followed; what a stream beyond these lacks shows in the seals alone. */
const MOST_STREAMS = 200_000;
/** Told of one log: whoever has so many to look at need not be told of more. */
const MOST_FLAWS = 100;

/** Notices where the history of a thing has a gap, or goes back. */
const continuity = (tell: (flaw: string) => void) => {
  const revisions = new Map<string, bigint>();
  let place = BEGINNING;
  return (event: StoredEvent): void => {
    const { position, stream, revision, type, id } = event;
    const named = `${type} ${id} (position ${position}, ${stream} ${revision})`;
    if (position <= place)
      tell(`${named} stands behind position ${place}: it was moved or repeated`);
    place = position > place ? position : place;
    const last = revisions.get(stream);
    if (last === undefined && revisions.size >= MOST_STREAMS) return;
    const expected = (last ?? -1n) + 1n;
    if (revision > expected)
      tell(`${named}: its stream lacks revision ${expected}, which was removed or moved`);
    if (revision < expected) tell(`${named}: its stream has had revision ${revision} before`);
    revisions.set(stream, revision >= expected ? revision : expected - 1n);
  };
};

/** What is wrong with a seal, of all that can be. */
const flawsOf = (seal: Seal, before: Seal | undefined, found: Digest): readonly string[] => {
  const { from, to, events, root, previous, position } = seal;
  const end = before ? before.to : null;
  const rootBefore = before ? before.root : null;
  const possible: readonly (readonly [isSo: boolean, flaw: string])[] = [
    [from !== end, `begins behind ${String(from)}, and the one before ends at ${String(end)}`],
    [previous !== rootBefore, 'does not hold the root of the one before'],
    [BigInt(to) >= position, 'covers what came after it'],
    [found.events !== events, `was made over ${events} events, and there are ${found.events}`],
    [found.root !== root, `was made over other events: their root is ${found.root}, not ${root}`],
  ];
  return possible.filter(([isSo]) => isSo).map(([, flaw]) => flaw);
};

/** Nothing, and told, when somebody made of it what is no seal. */
export const readableSeal = (
  event: StoredEvent,
  tell: (flaw: string) => void,
): Seal | undefined => {
  try {
    return sealFrom(event);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    tell(`seal ${event.id} (position ${event.position}) is no seal any more: ${error.message}`);
    return undefined;
  }
};

const asText = ({ position, revision, ...seal }: Seal): string =>
  JSON.stringify({ ...seal, position: String(position), revision: String(revision) });

/** What the stream of seals says, against what came by in the log. */
const disagreements = (chain: readonly Seal[], seen: readonly Seal[]): readonly string[] => {
  const lacking = (from: readonly Seal[], where: readonly Seal[]) => {
    const there = new Set(where.map(asText));
    return from.filter((seal) => !there.has(asText(seal)));
  };
  const named = ({ id, position }: Seal) => `seal ${id} (position ${position})`;
  return [
    ...lacking(chain, seen).map(
      (seal) => `${named(seal)} is in the stream of seals, not so in the log`,
    ),
    ...lacking(seen, chain).map(
      (seal) => `${named(seal)} is in the log, not so in the stream of seals`,
    ),
  ];
};

/**
 * Recomputes every seal of a chain from the events, in one pass. `chain` is what says that it is
 * sealed; a seal that it lacks shows, since the log has it too.
 */
export const verifying = (chain: readonly Seal[]) => {
  const flaws: string[] = [];
  const tell = (flaw: string) => {
    if (flaws.length < MOST_FLAWS) flaws.push(flaw);
  };
  const follow = continuity(tell);
  const ends = chain.map(({ to }) => BigInt(to));
  const checked: CheckedSeal[] = [];
  const seen: Seal[] = [];
  let digest = digesting({ after: BEGINNING });
  let since = 0;

  const closeUpTo = (position: bigint | undefined): void => {
    for (let seal = chain[checked.length]; seal; seal = chain[checked.length]) {
      if (position !== undefined && position <= (ends[checked.length] ?? 0n)) return;
      const found = digest.close();
      checked.push({ ...seal, flaws: flawsOf(seal, chain[checked.length - 1], found) });
      digest = digesting({ after: found.last });
      since = 0;
    }
  };

  return {
    add: (event: StoredEvent): void => {
      closeUpTo(event.position);
      follow(event);
      digest.add(event);
      since += 1;
      const seal = isSeal(event) ? readableSeal(event, tell) : undefined;
      if (seal) seen.push(seal);
    },
    tell,
    close: (): Verified => {
      closeUpTo(undefined);
      for (const flaw of disagreements(chain, seen)) tell(flaw);
      const sealed = checked.reduce((sum, { events }) => sum + events, 0);
      return { seals: checked, flaws, sealed, unsealed: since };
    },
  };
};
