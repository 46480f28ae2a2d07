import { BEGINNING, type EventStore, type Recorded } from '#shared/kernel/event-store.ts';
import { before, unlessMoved, type Asked } from '#shared/kernel/handle-command.ts';
import { sealChain, type SealRefusal } from './decider.ts';
import { SEALS, sealEvents, type SealEvent } from './events.ts';
import type { DigestLog } from './ports.ts';

/** A seal as whoever asked for one is told. */
export type SealOnRecord = SealEvent['data'] & { readonly id: string };

export type Sealed = {
  /** `nothing-new`: since the last seal nothing has happened but that seal; it is the answer. */
  readonly outcome: 'made' | 'made-before' | 'nothing-new';
  readonly seal: SealOnRecord;
  readonly revision: bigint;
  readonly position: bigint;
};

export type Sealing = {
  readonly eventStore: Pick<EventStore, 'read' | 'append' | 'end'>;
  readonly digest: DigestLog;
};

const sealedAs = (
  outcome: Sealed['outcome'],
  { id, data, revision, position }: Recorded<SealEvent>,
): Sealed => ({ outcome, seal: { id, ...data }, revision, position });

/**
 * Seals what has happened since the last seal. Of several who seal at the same moment one does;
 * the others find that there is nothing new, and answer with what that one made.
 * @throws {KeyReused | StreamMoved | StoreAway}
 */
export const sealing =
  ({ eventStore, digest }: Sealing) =>
  ({ meta }: Pick<Asked, 'meta'>): Promise<Sealed | { outcome: 'refused'; reason: SealRefusal }> =>
    unlessMoved(async () => {
      const { events: history, revision } = await eventStore.read(SEALS, sealEvents);
      const state = history.reduce(sealChain.evolve, sealChain.initialState);
      const repeated = before({ history, revision, state }, sealChain, meta);
      const earlier = history.find((event) => event.meta.commandId === meta.commandId);
      if (repeated && earlier) return sealedAs('made-before', earlier);

      const after = state.to === null ? BEGINNING : BigInt(state.to);
      const stretch = await digest({ after, upTo: await eventStore.end() });
      const last = history.at(-1);
      if (last && stretch.events === stretch.seals) return sealedAs('nothing-new', last);

      const { events, root } = stretch;
      const data = { from: state.to, to: String(stretch.last), events, root };
      const decision = sealChain.decide({ type: 'MakeSeal', data }, state);
      if (decision.outcome === 'refused') return decision;
      await eventStore.append(SEALS, sealEvents, decision.events, { expected: revision, meta });
      const made = (await eventStore.read(SEALS, sealEvents)).events.find(
        (event) => event.meta.commandId === meta.commandId,
      );
      if (!made) throw new Error('A seal that was made is not in its stream');
      return sealedAs('made', made);
    });
