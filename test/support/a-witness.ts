import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type IPublishPacket } from 'mqtt';
import { answersTo, type Said } from '../../embedded/equipment/answers.ts';
import { topics } from './a-gateway.ts';

/** One thing that equipment said of a transaction. */
export type Sent = {
  readonly says: Said['says'];
  readonly payload: string;
  /** When the broker had it, in ms since 1970; nothing if that was never heard. */
  takenAt?: number;
};

type Plan = Parameters<typeof answersTo>[1] & {
  /** What comes after Infinity by plan is said when this resolves. */
  readonly tooLate: (number: number) => Promise<void>;
};
/** Of so many requests, one is also answered with what belongs to no transaction. */
const NOISE_EVERY = 20;
const RECONNECT_MS = 250;

type Asked = { readonly number: number; readonly words: (says: Said['says']) => string };

const inText = (payload: string): Asked | undefined => {
  const number = /^transaction \{(\d+)\}$/.exec(payload)?.[1];
  if (number === undefined) return undefined;
  const words = (says: Said['says']) =>
    says === 'garbled' ? `c0nf#rm {${number}` : `${says} transaction {${number}}`;
  return { number: Number(number), words };
};

const inJson = (payload: string): Asked => {
  const asked = JSON.parse(payload) as Record<'correlationId' | 'station', string> & Asked;
  const { correlationId, station, number } = asked;
  const words = (verdict: Said['says']) =>
    verdict === 'garbled'
      ? JSON.stringify({ correlationId, station })
      : JSON.stringify({ correlationId, station, verdict });
  return { number, words };
};

const untilTimeOf =
  ({ tooLate }: Plan, signal: AbortSignal) =>
  async (number: number, afterMs: number): Promise<void> => {
    if (afterMs === Infinity) await tooLate(number);
    else await pause(afterMs, undefined, { signal });
    signal.throwIfAborted();
  };

/**
 * Equipment of all stations, that writes down every word it says: whoever judges what became of
 * the transactions goes by that, and by nothing that the system knows. It answers by plan, as often
 * as it is asked.
 */
export const aWitness = (url: string, version: 4 | 5, plan: Plan) => {
  const stopping = new AbortController();
  // All that it has still to say listens to it.
  setMaxListeners(0, stopping.signal);
  const sent = new Map<number, Sent[]>();
  let requests = 0;
  const untilTime = untilTimeOf(plan, stopping.signal);
  const client = connect(url, {
    ...{ clientId: 'witness', clean: false, protocolVersion: version },
    ...{ reconnectPeriod: RECONNECT_MS, connectTimeout: 5_000 },
    ...(version === 5 && { properties: { sessionExpiryInterval: 300 } }),
  });
  client.on('error', () => undefined);
  client.on('connect', () => {
    const filters = [topics.request, `${topics.stations}/+/VALIDATION`];
    client.subscribeAsync(filters, { qos: 1 }).catch(() => undefined);
  });

  const say = async ({ number, words }: Asked, { says, afterMs }: Said, packet: IPublishPacket) => {
    await untilTime(number, afterMs);
    const one: Sent = { says, payload: words(says) };
    sent.set(number, [...(sent.get(number) ?? []), one]);
    const { correlationData, responseTopic } = packet.properties ?? {};
    const own = packet.topic === topics.request ? topics.reply : `${packet.topic}/RESPONSE`;
    const properties = correlationData && { correlationData };
    await client.publishAsync(responseTopic ?? own, one.payload, {
      ...{ qos: 1, ...(properties && { properties }) },
    });
    one.takenAt = Date.now();
  };
  const noise = async () => {
    for (const words of ['bip', `confirm transaction {${10 ** 9 + requests}}`])
      await client.publishAsync(topics.reply, words, { qos: 1 });
  };

  client.on('message', (topic, payload, packet) => {
    const text = payload.toString();
    const asked = topic === topics.request ? inText(text) : inJson(text);
    if (!asked) return;
    requests += 1;
    const ignore = () => undefined;
    for (const said of answersTo(String(asked.number), plan))
      say(asked, said, packet).catch(ignore);
    if (requests % NOISE_EVERY === 0) noise().catch(ignore);
  });

  return {
    /** What was said of each transaction, by its number. */
    sent: sent as ReadonlyMap<number, readonly Sent[]>,
    stop: async () => {
      stopping.abort();
      await Promise.race([client.endAsync(true), pause(1_000, undefined, { ref: false })]);
    },
  };
};
