import { setTimeout as pause } from 'node:timers/promises';
import { sample } from 'fast-check';
import { amountText } from '#shared/kernel/money.ts';
import { purchaseIdOf } from '#shared/purchase/identity.ts';
import { ask, aUser, type AUser, type Reply } from './a-user.ts';
import { aStep, type Step } from './some-steps.ts';
import { waitUntil } from './wait-until.ts';

const PAUSE_MS = 100;
const PASSWORD = 'uma senha qualquer';
/** What is bought by the last of them is approved at once. */
const CPFS = ['08948135015', '39053344705', '52998224725', '15350946056'];
/** Each purchase is asked about so often, on average. */
const STEPS_A_PURCHASE = 5;
/** What may be answered to a command that comes when it should not. */
const EXPECTED: ReadonlySet<number> = new Set([200, 201, 204, 404, 409]);

type Apis = { readonly commandApi: string; readonly queryApi: string };
type Buyer = AUser & { readonly cpf: string };

const registered = async (apis: Apis, cpf: string): Promise<Buyer> => {
  const body = { fullName: 'Ana', cpf, email: `${cpf}@example.com`, password: PASSWORD };
  await ask('POST', `${apis.commandApi}/v1/resellers`, { body });
  return { ...(await aUser(apis, cpf, PASSWORD)), cpf };
};

const asked = (step: Step, nth: number, buyer: Buyer, analyst: AUser): Promise<Reply> => {
  const code = `load-${step.which}`;
  const path = `/v1/purchases/${purchaseIdOf(code)}`;
  const content = { amount: amountText(step.amount), date: step.day };
  const key = { 'Idempotency-Key': `load-${nth}` };
  switch (step.what) {
    case 'register':
      return buyer.post('/v1/purchases', { code, cpf: buyer.cpf, ...content }, key);
    case 'change':
      return buyer.patch(path, content);
    case 'withdraw':
      return buyer.remove(path);
    case 'approve':
      return analyst.post(`${path}/approve`, {}, key);
    case 'reject':
      return analyst.post(`${path}/reject`, { reason: 'Sem nota' }, key);
  }
};

/** Asked again, as a careful client does, until it is answered for good. */
const answered = async (ask: () => Promise<Reply>, go: AbortSignal): Promise<Reply | undefined> => {
  while (!go.aborted) {
    try {
      const reply = await ask();
      if (reply.status < 500) return reply;
    } catch {
      // The connection broke: whether it was accepted is what the next attempt finds out.
    }
    await pause(PAUSE_MS);
  }
  return undefined;
};

/**
 * Resellers who register, change and withdraw purchases and an analyst who decides on them, all at
 * random, a few at a time, until all has been asked or they are told to stop.
 */
export const aPurchaseLoad = async (
  apis: Apis,
  analyst: AUser,
  { commands = 100_000, seed = 20_260_201, atOnce = 4, everyMs = 80 } = {},
) => {
  const buyers = await Promise.all(CPFS.map((cpf) => registered(apis, cpf)));
  const purchases = Math.ceil(commands / STEPS_A_PURCHASE);
  const steps = sample(aStep(purchases), { seed, numRuns: commands });
  const stopping = new AbortController();
  const counts = { answered: 0, accepted: 0, position: 0n, surprises: [] as unknown[] };

  const count = ({ status, headers, body }: Reply): void => {
    counts.answered += 1;
    if (status < 300) counts.accepted += 1;
    if (!EXPECTED.has(status)) counts.surprises.push(body);
    const position = BigInt(headers.get('log-position') ?? 0);
    if (position > counts.position) counts.position = position;
  };
  const client = async (name: number) => {
    for (const [nth, step] of steps.entries()) {
      if (nth % atOnce !== name) continue;
      const buyer = buyers[step.which % buyers.length];
      if (!buyer || stopping.signal.aborted) return;
      const reply = await answered(() => asked(step, nth, buyer, analyst), stopping.signal);
      if (reply) count(reply);
      if (everyMs > 0) await pause(everyMs);
    }
  };
  const ended = Promise.all(Array.from({ length: atOnce }, (_, name) => client(name)));

  return {
    /** What was answered, and how far the log had got by then. */
    counts,
    ended,
    /** Waits until what was accepted shows. */
    shown: (longestMs = 60_000) => {
      const headers = { 'Min-Log-Position': String(counts.position), Prefer: 'wait=1' };
      const isShown = async () =>
        (await analyst.get('/v1/purchases?limit=1', headers)).status === 200;
      return waitUntil('the views show what was accepted', isShown, longestMs);
    },
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
};
