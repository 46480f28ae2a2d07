import { StationId } from '#shared/ids.ts';
import { reader } from '#shared/kernel/schema.ts';

/** Where is spoken, and where is listened; none with a wildcard or a slash at its end. */
export type Topics = {
  readonly request: string;
  readonly reply: string;
  /** Above the topics of single stations: `<stations>/<id>/VALIDATION`. */
  readonly stations: string;
  /** Above the presence of gateways: `<gateways>/<id>/PRESENCE`. */
  readonly gateways: string;
};

const SHARED = '$share/lastro/';
const REQUEST = 'VALIDATION';
const REPLY = 'VALIDATION/RESPONSE';
const PRESENCE = 'PRESENCE';

const readId = reader(StationId);

/** What a topic is for, and whose. */
export type Subject =
  | { readonly kind: 'text-reply' }
  | { readonly kind: 'json-reply'; readonly stationId: StationId }
  | { readonly kind: 'presence'; readonly stationId: StationId };

export const topicsOf = ({ request, reply, stations, gateways }: Topics) => {
  const stationIn = (id: string): StationId | undefined => {
    try {
      return readId(id);
    } catch {
      return undefined;
    }
  };

  return {
    request,
    ofStation: (id: StationId) => ({
      request: `${stations}/${id}/${REQUEST}`,
      reply: `${stations}/${id}/${REPLY}`,
    }),
    ofGateway: (id: string) => `${gateways}/${id}/${PRESENCE}`,
    ofAllGateways: `${gateways}/+/${PRESENCE}`,
    /** Each reply goes to one of those who share; brokers that know of no sharing send it to all. */
    replies: (shared: boolean) =>
      [reply, `${stations}/+/${REPLY}`].map((filter) => `${shared ? SHARED : ''}${filter}`),
    presences: `${stations}/+/${PRESENCE}`,
    subjectOf: (topic: string): Subject | undefined => {
      if (topic === reply) return { kind: 'text-reply' };
      if (!topic.startsWith(`${stations}/`)) return undefined;
      const [id = '', ...rest] = topic.slice(stations.length + 1).split('/');
      const stationId = stationIn(id);
      if (stationId === undefined) return undefined;
      if (rest.join('/') === REPLY) return { kind: 'json-reply', stationId };
      return rest.join('/') === PRESENCE ? { kind: 'presence', stationId } : undefined;
    },
  };
};
export type TopicMap = ReturnType<typeof topicsOf>;
