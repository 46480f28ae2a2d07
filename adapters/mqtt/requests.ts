import type { Message, Version } from './connection.ts';
import type { Started } from './deciding.ts';
import { JSON_CONTENT_TYPE, jsonRequest } from './json-form.ts';
import { textRequest } from './text-form.ts';
import type { TopicMap } from './topics.ts';

/** What equipment is asked, in the form in which its station is spoken to. */
export const messageFor = (
  { data }: Pick<Started, 'data'>,
  topics: TopicMap,
  version: Version,
): Message => {
  if (data.protocol === 'text') return { topic: topics.request, payload: textRequest(data.number) };
  const { request: topic, reply: responseTopic } = topics.ofStation(data.stationId);
  const correlationData = Buffer.from(data.swapId);
  return {
    ...{ topic, payload: jsonRequest(data) },
    ...(version === 5 && {
      properties: { responseTopic, correlationData, contentType: JSON_CONTENT_TYPE },
    }),
  };
};
