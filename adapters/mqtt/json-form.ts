import { StationId, type SwapId } from '#shared/ids.ts';
import { oneOf, reader } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { numberOf } from '#shared/swap/number.ts';
import { LONGEST_REPLY_BYTES, type Heard } from './replies.ts';

export const JSON_CONTENT_TYPE = 'application/json';

type Request = {
  readonly swapId: SwapId;
  readonly number: number;
  readonly stationId: StationId;
};

/** What newer equipment is asked; whatever it sends back has the same correlation id in it. */
export const jsonRequest = ({ swapId, number, stationId }: Request): string =>
  JSON.stringify({ type: 'transaction', correlationId: swapId, number, station: stationId });

// Open: newer equipment may say more than we understand.
const readNamed = reader(Type.Object({ correlationId: Type.String() }));
const readReply = reader(
  Type.Object({
    correlationId: Type.String(),
    station: StationId,
    verdict: oneOf(['confirm', 'error']),
  }),
);

const attempt = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch {
    // Whatever is wrong with it, it is not what it should be, and is kept as it came.
    return undefined;
  }
};

type Correlated = {
  /** The station that the topic names. */
  readonly from: StationId;
  /** MQTT 5 may carry it beside the payload; it must then say the same. */
  readonly correlationData?: Buffer | undefined;
};

/** A reply on a station's own topic. One that contradicts itself is garbled. */
export const jsonReply = (
  payload: Buffer,
  { from, correlationData }: Correlated,
): Heard | undefined => {
  if (payload.length > LONGEST_REPLY_BYTES) return undefined;
  const parsed = attempt(() => JSON.parse(payload.toString('utf8')) as unknown);
  const correlationId = attempt(() => readNamed(parsed).correlationId);
  if (correlationId === undefined || numberOf(correlationId) === undefined) return undefined;

  const swapId = correlationId.toLowerCase() as SwapId;
  const reply = attempt(() => readReply(parsed));
  const beside = correlationData?.toString('utf8') ?? correlationId;
  if (reply?.station !== from || beside !== correlationId) return { swapId, from, says: 'garbled' };
  return { swapId, from, says: reply.verdict };
};
