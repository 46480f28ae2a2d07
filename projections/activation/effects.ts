import {
  activationEvents,
  activationNoticeEvents,
  type ActivationEvent,
  type ActivationNoticeEvent,
} from '#shared/activation/events.ts';
import type { SendMail } from '#shared/activation/ports.ts';
import type { ActivationId } from '#shared/ids.ts';
import type { EventStore, Recorded } from '#shared/kernel/event-store.ts';
import type { Clock, Instant } from '#shared/kernel/message.ts';
import { metaOf, type Effect, type Pending } from '../effect.ts';
import { letterAbout } from './mail.ts';
import { TELL_CUSTOMER } from './reactions.ts';

export type TellingDeps = {
  readonly eventStore: EventStore;
  readonly send: SendMail;
  readonly clock: Clock;
};

const streamOf = ({ id }: Pending) => `activationNotice-${id}`;
const messageIdOf = (idempotencyKey: string) => `<${idempotencyKey}@lastro>`;

const noticeOf = ({ id, data }: Pending, at: Instant) => ({
  activationId: data['activationId'] as ActivationId,
  about: data['about'] ?? '',
  messageId: messageIdOf(id),
  at,
});

/** Told, or never to be told: nothing is left to do. */
const isSettled = (notices: readonly ActivationNoticeEvent[]): boolean =>
  notices.some(({ type, data }) => type === 'CustomerNotified' || data.why === 'person-erased');

/** The event to tell about, and what was asked for; the address is gone once they are erased. */
const subjectMatter = (
  events: readonly Recorded<ActivationEvent>[],
  { eventId, stream }: Pending,
) => {
  const about = events.find(({ id }) => id === eventId);
  const [submitted] = events;
  if (!about || submitted?.type !== 'ActivationSubmitted')
    throw new Error(`${stream} does not hold the event ${eventId} that its customer is told about`);
  return { about, product: submitted.data.product, to: submitted.data.customerEmail };
};

/**
 * Looks whether it is done, does it under an identity that a repeat shares, puts it on record. A
 * process killed after the mail has left may send it again, under the same `Message-ID`.
 */
export const tellCustomer = ({ eventStore, send, clock }: TellingDeps): Effect => {
  const noticesOf = (intent: Pending) => eventStore.read(streamOf(intent), activationNoticeEvents);
  type Notices = Awaited<ReturnType<typeof noticesOf>>;

  const record = async (
    intent: Pending,
    { events, revision: expected }: Notices,
    outcome: ActivationNoticeEvent,
    step?: string,
  ): Promise<void> => {
    const meta = metaOf(intent, outcome.data.at, step);
    if (events.some((event) => event.meta.commandId === meta.commandId)) return;
    const options = { expected, meta };
    await eventStore.append(streamOf(intent), activationNoticeEvents, [outcome], options);
  };

  return {
    kind: TELL_CUSTOMER,
    givesWay: true,
    carryOut: async (intent, { idempotencyKey }) => {
      const notices = await noticesOf(intent);
      if (isSettled(notices.events)) return;

      const { events } = await eventStore.read(intent.stream, activationEvents);
      const { about, product, to } = subjectMatter(events, intent);
      const notice = noticeOf(intent, clock());
      if (to === null) {
        const data = { ...notice, why: 'person-erased', attempts: 0 } as const;
        await record(intent, notices, { type: 'CustomerNotificationFailed', data });
        return;
      }
      await send({ messageId: messageIdOf(idempotencyKey), to, ...letterAbout(about, product) });
      await record(intent, notices, { type: 'CustomerNotified', data: notice });
    },
    onParked: async (intent, { attempts, round, at }) => {
      const notices = await noticesOf(intent);
      const data = { ...noticeOf(intent, at), why: 'given-up', attempts } as const;
      const failed = { type: 'CustomerNotificationFailed', data } as const;
      await record(intent, notices, failed, `parked ${round}`);
    },
  };
};
