import { randomUUID } from 'node:crypto';
import type { IPublishPacket, MqttClient } from 'mqtt';
import type { Log } from '#shared/platform/log.ts';
import { oneAtATime } from '#shared/platform/one-at-a-time.ts';
import { persistently } from '#shared/platform/persistently.ts';
import type { Hear, ToRecord } from './hearing.ts';
import type { Presence } from './presence.ts';
import { dealSideBySide } from './side-by-side.ts';
import type { TopicMap } from './topics.ts';

export type Listening = {
  readonly hear: Hear;
  readonly presence: Presence;
  readonly topics: TopicMap;
  readonly log: Log;
};

const bytesOf = (payload: string | Buffer): Buffer =>
  typeof payload === 'string' ? Buffer.from(payload) : payload;

const toRecord = (
  { topic, payload: received, properties }: IPublishPacket,
  { hear, presence, topics }: Listening,
): ToRecord | undefined => {
  const payload = bytesOf(received);
  const subject = topics.subjectOf(topic);
  if (subject?.kind !== 'presence')
    return (
      subject && hear(subject, { topic, payload, correlationData: properties?.correlationData })
    );
  const { stationId } = subject;
  return { about: stationId, record: () => presence.notice(stationId, payload) };
};

/**
 * Acknowledges a message when what came of it is on record, and not before: what is lost with this
 * process is sent again. What is about the same transaction, or the same station, is recorded in
 * the order in which it came.
 */
export const listenOn = (
  client: MqttClient,
  filters: readonly string[],
  listening: Listening,
  signal: AbortSignal,
): void => {
  const { log } = listening;
  const inTurn = oneAtATime();

  dealSideBySide(client, async (packet) => {
    const found = toRecord(packet, listening);
    if (!found) {
      log.warn({ topic: packet.topic }, 'a message on a topic that is nobody’s');
      return true;
    }
    const deliveryId = randomUUID();
    await inTurn(found.about, () =>
      persistently('putting on record what equipment said', () => found.record(deliveryId), {
        ...{ log, signal },
      }),
    );
    // What is not on record when we stop is not acknowledged, and comes again.
    return !signal.aborted;
  });
  const subscribe = () => {
    listening.presence.forget();
    void persistently('subscribing', () => client.subscribeAsync([...filters], { qos: 1 }), {
      log,
      signal,
    });
  };
  // A session that the broker has lost is made anew with every connection.
  client.on('connect', subscribe);
};
