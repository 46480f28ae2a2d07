import { connectAsync, type IPublishPacket } from 'mqtt';
import { topics } from './a-gateway.ts';

/** Hears all that is said to and by equipment, as it goes over the wire. */
export const aBystander = async (url: string, version: 4 | 5) => {
  const client = await connectAsync(url, { protocolVersion: version });
  const heard: IPublishPacket[] = [];
  client.on('message', (_topic, _payload, packet) => heard.push(packet));
  await client.subscribeAsync([topics.request, topics.reply, `${topics.stations}/#`], { qos: 1 });
  return {
    on: (topic: string): readonly IPublishPacket[] =>
      heard.filter((packet) => packet.topic === topic),
    /** With correlation data beside it, where the version has such a thing. */
    say: (topic: string, text: string, correlationData: string) =>
      client.publishAsync(topic, text, {
        qos: 1,
        ...(version === 5 && { properties: { correlationData: Buffer.from(correlationData) } }),
      }),
    stop: () => client.endAsync(true),
  };
};
export type ABystander = Awaited<ReturnType<typeof aBystander>>;
