import type { AccountId, SaleId, SubjectId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import {
  streamsOf,
  unlessMoved,
  type Accepted,
  type Asked,
  type Loaded,
} from '#shared/kernel/handle-command.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { Instant, Meta } from '#shared/kernel/message.ts';
import { personOf } from '#shared/kernel/person.ts';
import { Erased, type KeyedHash } from '#shared/kernel/personal.ts';
import { unstorableIn } from '#shared/platform/http/storable.ts';
import type { SaleCommand } from '#shared/sale/commands.ts';
import { sale } from '#shared/sale/decider.ts';
import type { Sale } from '#shared/sale/state.ts';
import { saleEvents } from '#shared/sale/events.ts';
import { assess, type SoundSale, type Understood } from '#shared/sale/intake.ts';
import { RULE_SETS, type RuleSet } from '#shared/sale/rule-sets.ts';
import { buyersIn } from './buyers.ts';
import { keepRest, partsOf } from './refused-body.ts';
import { refusalOf, refusalOfErased, type Origin } from './refusing.ts';

/** What an ERP sent: as the JSON that it is, and as it came. */
export type Sent = {
  readonly json: unknown;
  readonly text: string;
  readonly from: AccountId;
  readonly at: Instant;
  readonly asked: Asked;
};

export type ReceivingDeps = {
  readonly eventStore: EventStore;
  readonly hash: KeyedHash;
  readonly ruleSets?: readonly RuleSet[];
};

export type Taken = Accepted<Sale> & { readonly id: SaleId };
export type Receive = (sent: Sent) => Promise<Taken>;

const salesIn = (eventStore: EventStore) => streamsOf(eventStore, 'sale', saleEvents, sale);
type Streams = ReturnType<typeof salesIn>;

const record = async (
  streams: Streams,
  command: SaleCommand,
  loaded: Loaded<Sale>,
  meta: Meta,
): Promise<Accepted<Sale>> => {
  const decision = streams.decide(command, loaded);
  // Its id is made of the command that brings it: nobody else can have used it.
  if (decision.outcome === 'refused') throw new Error('A sale was there before it came');
  return streams.append(command.data.saleId, loaded, decision.events, meta);
};

/** Judges what was sent, and puts it on record in either way. */
const takingOf = ({ eventStore, hash, ruleSets = RULE_SETS }: ReceivingDeps, streams: Streams) => {
  const warningsFor = buyersIn(eventStore);

  const subjectOf = ({ document }: Understood, saleId: SaleId): SubjectId => {
    const own = () => derivedId('subject', 'sale', saleId);
    return (document === undefined ? own() : personOf(hash, document)) as SubjectId;
  };

  const receiptOf = async (
    { saleId, subjectId, from, at }: Origin,
    { calculation, ...sold }: SoundSale,
    meta: Meta,
  ): Promise<SaleCommand> => {
    const warnings = await warningsFor({ subjectId, saleId, name: sold.name, at }, meta);
    const { ruleSet, lines: calculated, cashbackInCents } = calculation;
    const received = { saleId, subjectId, receivedFrom: from, at, ...sold, warnings };
    return { type: 'ReceiveSale', data: { ...received, ruleSet, calculated, cashbackInCents } };
  };

  return async (
    { json, text, from, at, asked: { meta } }: Sent,
    saleId: SaleId,
    loaded: Loaded<Sale>,
  ): Promise<Accepted<Sale>> => {
    const assessed = assess(json, at, ruleSets, unstorableIn(json));
    const understood = assessed.outcome === 'sound' ? assessed.sale : assessed.understood;
    const origin = { saleId, subjectId: subjectOf(understood, saleId), from, at, text };
    try {
      const command =
        assessed.outcome === 'sound'
          ? await receiptOf(origin, assessed.sale, meta)
          : refusalOf(origin, assessed.errors, understood);
      return await record(streams, command, loaded, meta);
    } catch (error) {
      if (!(error instanceof Erased)) throw error;
      return record(streams, refusalOfErased(origin, understood), loaded, meta);
    }
  };
};

/**
 * Takes whatever an ERP sends: a sale that is sound is received with what it gives, any other one
 * is refused and kept. The same request under the same key leads to the same sale, either way.
 * @throws {KeyReused}
 */
export const receivingOf = (deps: ReceivingDeps): Receive => {
  const streams = salesIn(deps.eventStore);
  const take = takingOf(deps, streams);

  /** A first attempt may have been cut short before all of what was refused had been kept. */
  const complete = async ({ state, id }: Taken, sent: Sent, events: number): Promise<void> => {
    if (state.status !== 'REFUSED' || events >= state.parts) return;
    const { subjectId } = state;
    const body = { saleId: id, subjectId, parts: partsOf(sent.text), meta: sent.asked.meta };
    await keepRest(deps.eventStore, body);
  };

  return (sent) =>
    unlessMoved(async (nth) => {
      const { meta, keyed } = sent.asked;
      const id = derivedId('sale', meta.commandId) as SaleId;
      const loaded = keyed || nth > 1 ? await streams.load(id) : streams.empty;
      const accepted = streams.before(loaded, meta) ?? (await take(sent, id, loaded));
      const taken = { ...accepted, id };
      await complete(taken, sent, Math.max(loaded.history.length, 1));
      return taken;
    });
};
