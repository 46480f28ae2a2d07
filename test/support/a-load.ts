import { setTimeout as pause } from 'node:timers/promises';
import type { AUser, Reply } from './a-user.ts';

const PAUSE_MS = 100;

export type Acknowledged = { readonly customerMid: string; readonly id: string };

const emailOf = (customerMid: string) => `${customerMid}@load.example.com`;

/** Asked again under the same key, as a careful client does, until it is answered for good. */
const submitted = async (
  partner: AUser,
  customerMid: string,
  go: AbortSignal,
): Promise<Reply | undefined> => {
  while (!go.aborted) {
    const body = { customerMid, customerEmail: emailOf(customerMid) };
    try {
      const reply = await partner.post('/v1/activations', body, { 'idempotency-key': customerMid });
      if (reply.status < 500 && reply.status !== 409) return reply;
    } catch {
      // The connection broke: whether it was accepted is what the next attempt finds out.
    }
    await pause(PAUSE_MS);
  }
  return undefined;
};

/** Submits activations, a few at a time, until it is told to stop; keeps what was acknowledged. */
export const aLoad = (partner: AUser, { atOnce = 4, everyMs = 80 } = {}) => {
  const stopping = new AbortController();
  const acknowledged: Acknowledged[] = [];
  const surprises: Reply[] = [];

  const client = async (name: number) => {
    for (let n = 0; !stopping.signal.aborted; n++) {
      const customerMid = `c${name}-${n}`;
      const reply = await submitted(partner, customerMid, stopping.signal);
      if (reply?.status === 201)
        acknowledged.push({ customerMid, id: (reply.body as { readonly id: string }).id });
      else if (reply) surprises.push(reply);
      await pause(everyMs);
    }
  };
  const clients = Promise.all(Array.from({ length: atOnce }, (_, name) => client(name)));

  return {
    acknowledged,
    /** Answers that a client should not have seen. */
    surprises,
    stop: async () => {
      stopping.abort();
      await clients;
    },
  };
};
