import { randomUUID } from 'node:crypto';
import type { IPublishPacket, MqttClient } from 'mqtt';
import type { Log } from '#shared/platform/log.ts';
import { persistently } from '#shared/platform/persistently.ts';
import type { Hear } from './hearing.ts';
import type { TopicMap } from './topics.ts';
import type { noticingPresence } from './presence.ts';

export type Listening = {
  readonly hear: Hear;
  readonly notice: ReturnType<typeof noticingPresence>;
  readonly topics: TopicMap;
  readonly log: Log;
};

const bytesOf = (payload: string | Buffer): Buffer =>
  typeof payload === 'string' ? Buffer.from(payload) : payload;

/**
 * Acknowledges a message when what came of it is on record, and not before: what is lost with this
 * process is sent again. Messages of one connection are handled one after the other.
 */
export const listenOn = (
  client: MqttClient,
  filters: readonly string[],
  { hear, notice, topics, log }: Listening,
  signal: AbortSignal,
): void => {
  const handle = async ({ topic, payload: received, properties }: IPublishPacket) => {
    const payload = bytesOf(received);
    const subject = topics.subjectOf(topic);
    if (!subject) {
      log.warn({ topic }, 'a message on a topic that is nobody’s');
      return;
    }
    const deliveryId = randomUUID();
    const work = () =>
      subject.kind === 'presence'
        ? notice(subject.stationId, payload)
        : hear(
            subject,
            { topic, payload, correlationData: properties?.correlationData },
            deliveryId,
          );
    await persistently('putting on record what equipment said', work, { log, signal });
  };

  client.handleMessage = (packet, done) => {
    handle(packet).then(
      () => {
        // What is not on record when we stop is not acknowledged, and comes again.
        if (!signal.aborted) done();
      },
      (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)));
      },
    );
  };
  const subscribe = () => {
    void persistently('subscribing', () => client.subscribeAsync([...filters], { qos: 1 }), {
      log,
      signal,
    });
  };
  // A session that the broker has lost is made anew with every connection.
  client.on('connect', subscribe);
};
