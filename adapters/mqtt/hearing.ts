import type { StationId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { Clock, Instant, Meta } from '#shared/kernel/message.ts';
import type { Log } from '#shared/platform/log.ts';
import type { SwapRefusal } from '#shared/swap/decider.ts';
import type { EquipmentUnmatchedEvent } from '#shared/swap/events.ts';
import type { Swaps } from './deciding.ts';
import { jsonReply } from './json-form.ts';
import { rawOf } from './raw.ts';
import type { Heard } from './replies.ts';
import { textReply } from './text-form.ts';
import type { Subject } from './topics.ts';
import { unmatchedIn } from './unmatched.ts';

/** One message of equipment, as the broker handed it over. */
export type Delivery = {
  readonly topic: string;
  readonly payload: Buffer;
  readonly correlationData?: Buffer | undefined;
};

/** Where it came from: any equipment at all, or that of one station. */
export type ReplySubject = Exclude<Subject, { kind: 'presence' }>;
type Why = EquipmentUnmatchedEvent['data']['why'];

export type ToRecord = {
  /** What is about the same is to be recorded in the order in which it came. */
  readonly about: string;
  /** Safe to be called again with the same delivery id. */
  readonly record: (deliveryId: string) => Promise<void>;
};

const understood = (subject: ReplySubject, { payload, correlationData }: Delivery) =>
  subject.kind === 'text-reply'
    ? textReply(payload)
    : jsonReply(payload, { from: subject.stationId, correlationData });

const whyUnmatched = (refused: SwapRefusal | undefined): Why => {
  if (refused === undefined) return 'garbled';
  return refused === 'transaction-of-another-station' ? 'other-station' : 'unknown-number';
};

const actorOf = (stationId: StationId | undefined) => ({
  id: stationId ?? 'equipment',
  role: 'equipment',
});

const metaOf = (deliveryId: string, from: StationId | undefined, at: Instant): Meta => ({
  ...{ commandId: deliveryId, causationId: deliveryId, correlationId: deliveryId },
  ...{ fingerprint: '', actor: actorOf(from), at },
});

/**
 * Puts a reply on record: with the transaction that it is about, or with what belongs to none.
 * What comes of it is the decider's business; a delivery that is handled twice counts once.
 */
export const hearing = (eventStore: EventStore, { decide }: Swaps, clock: Clock, log: Log) => {
  const keepUnmatched = unmatchedIn(eventStore);

  const ofSwap = async ({ swapId, says, from }: Heard, raw: Delivery, id: string, at: Instant) => {
    const data = { swapId, says, at, deliveryId: id, ...rawOf(raw.payload) };
    const command = { type: 'HearReply', data: { ...data, ...(from && { from }) } } as const;
    return decide(swapId, command, { commandId: id, actor: actorOf(from), at });
  };

  return (subject: ReplySubject, delivery: Delivery): ToRecord => {
    const at = clock();
    const heard = understood(subject, delivery);

    const record = async (deliveryId: string): Promise<void> => {
      const refused = heard && (await ofSwap(heard, delivery, deliveryId, at));
      if (heard && refused === undefined) return;

      const why = whyUnmatched(refused);
      const { topic, payload } = delivery;
      const data = { ...rawOf(payload), topic, deliveryId, why, at };
      const from = subject.kind === 'json-reply' ? subject.stationId : undefined;
      if (!(await keepUnmatched(data, metaOf(deliveryId, from, at))))
        log.warn({ topic, why }, 'more came today that belongs to no transaction than is kept');
    };
    return { about: heard?.swapId ?? 'no transaction', record };
  };
};
export type Hear = ReturnType<typeof hearing>;
