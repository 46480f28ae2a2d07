import { ask, type Reply } from '../../support/a-user.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { command, leaving, left, query, seen, type Call, type Stage } from '../call.ts';

const LONGEST_FORWARDING_MS = 30_000;

const RECEIVE = 'post /v1/cashback';
const RESEND = 'post /v1/sales/{id}/resend';

const sale = {
  sold_at: '2026-01-02 00:00:00',
  customer: { document: '52998224725', name: 'JOSE DA SILVA' },
  total: '100.00',
  products: [
    { type: 'A', value: '10.00', qty: 1 },
    { type: 'B', value: '10.00', qty: 9 },
  ],
};
const sent = (stage: Stage, path: string, body: object) =>
  leaving(stage, 'sale', stage.erp.post(path, body, { 'Idempotency-Key': `openapi-${path}` }));

const SETTLE = 'post /v1/sales/{id}/settle';
const settled = (stage: Stage) =>
  stage.operator.post(`/v1/sales/${left(stage, 'sale')}/settle`, {
    ...{ outcome: 'ACCEPTED', reason: 'No extrato', partnerId: '77' },
  });

/** A sale that the partner credits without saying so: nobody knows, until somebody looks. */
export const uncertainSale = async (stage: Stage, document: string): Promise<void> => {
  const behaviour = { api: 'cashback', mode: 'drop-after', only: document, times: 1 };
  await ask('PUT', `${stage.sandbox}/sandbox/behaviour`, { body: behaviour });
  const uncertain = { ...sale, customer: { document, name: 'ANA' } };
  await leaving(stage, 'sale', stage.erp.post('/v1/cashback', uncertain));
  const isUncertain = async () => {
    const { body } = await stage.operator.get(`/v1/sales/${left(stage, 'sale')}`, seen(stage));
    return (body as { readonly status: string }).status === 'UNCERTAIN';
  };
  await waitUntil('the sale is uncertain', isUncertain, LONGEST_FORWARDING_MS);
};
const settledSale = async (stage: Stage): Promise<Reply> => {
  await uncertainSale(stage, '08948135015');
  return settled(stage);
};

export const sales: readonly Call[] = [
  command('post /api/cashback', 201, (stage) => sent(stage, '/api/cashback', sale)),
  command(RECEIVE, 201, (stage) => stage.erp.post('/v1/cashback', sale)),
  command(RECEIVE, 422, (stage) => stage.erp.post('/v1/cashback', { ...sale, total: '99.00' })),
  command(RESEND, 202, (stage) =>
    stage.operator.post(`/v1/sales/${left(stage, 'sale')}/resend`, { reason: 'Outra vez' }),
  ),
  command(SETTLE, 200, settledSale),
  command(SETTLE, 409, settled),
  query('get /v1/sales', 200, ({ operator }) => operator.get('/v1/sales')),
  query('get /v1/sales/{id}', 200, (stage) =>
    stage.operator.get(`/v1/sales/${left(stage, 'sale')}`, seen(stage)),
  ),
];
