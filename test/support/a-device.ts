import { connectAsync, type IPublishPacket } from 'mqtt';
import { topics } from './a-gateway.ts';

export const textOf = ({ payload }: IPublishPacket): string => payload.toString();

/** Equipment of which a spec says every word, and what it was asked. */
export const aDevice = async (url: string, version: 4 | 5 = 4) => {
  const client = await connectAsync(url, { protocolVersion: version });
  const asked: IPublishPacket[] = [];
  client.on('message', (_topic, _payload, packet) => asked.push(packet));
  const requests = [topics.request, `${topics.stations}/+/VALIDATION`, `${topics.gateways}/#`];
  await client.subscribeAsync(requests, { qos: 1 });
  const of = (topic: string) => asked.filter((packet) => packet.topic === topic);
  return {
    of,
    texts: () => of(topics.request).map(textOf),
    say: (text: string | Buffer, topic = topics.reply, retain = false) =>
      client.publishAsync(topic, text, { qos: 1, retain }),
    stop: () => client.endAsync(true),
  };
};
