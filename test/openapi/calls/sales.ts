import { command, leaving, left, type Call, type Stage } from '../call.ts';

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

export const sales: readonly Call[] = [
  command('post /api/cashback', 201, (stage) => sent(stage, '/api/cashback', sale)),
  command(RECEIVE, 201, (stage) => stage.erp.post('/v1/cashback', sale)),
  command(RECEIVE, 422, (stage) => stage.erp.post('/v1/cashback', { ...sale, total: '99.00' })),
  command(RESEND, 202, (stage) =>
    stage.operator.post(`/v1/sales/${left(stage, 'sale')}/resend`, { reason: 'Outra vez' }),
  ),
  command('post /v1/sales/{id}/settle', 409, (stage) =>
    stage.operator.post(`/v1/sales/${left(stage, 'sale')}/settle`, {
      ...{ outcome: 'ACCEPTED', reason: 'No extrato' },
    }),
  ),
];
