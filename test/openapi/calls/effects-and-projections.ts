import { ask, type Reply } from '../../support/a-user.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { command, left, query, type Call, type Stage } from '../call.ts';

const LONGEST_PARKING_MS = 30_000;

type Effects = { readonly items: readonly { readonly id: string }[] };

const parked = async ({ operator }: Stage): Promise<Reply> =>
  operator.get('/v1/effects?status=PARKED&limit=1');

/** A mail that the server refuses for good: the effect is given up at once. */
const parkedEffect = async (stage: Stage): Promise<Reply> => {
  const behaviour = { mode: 'refuse-permanent', times: 1 };
  await ask('PUT', `${stage.mail}/behaviour`, { body: behaviour });
  await stage.partner.post('/v1/activations', {
    ...{ customerMid: 'openapi-refused', customerEmail: 'nobody@example.com' },
  });
  const isParked = async () => ((await parked(stage)).body as Effects).items.length > 0;
  await waitUntil('an effect is parked', isParked, LONGEST_PARKING_MS);
  const reply = await parked(stage);
  stage.left.set('effect', (reply.body as Effects).items[0]?.id ?? '');
  return reply;
};

const RETRY = 'post /v1/effects/{id}/retry';
const retried = (stage: Stage) => stage.operator.post(`/v1/effects/${left(stage, 'effect')}/retry`);
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

export const effects: readonly Call[] = [
  query('get /v1/effects', 200, parkedEffect),
  command(RETRY, 202, retried),
  command(RETRY, 404, ({ operator }) => operator.post(`/v1/effects/${UNKNOWN}/retry`)),
];

export const projections: readonly Call[] = [
  query('get /v1/projections', 200, ({ operator }) => operator.get('/v1/projections')),
];
