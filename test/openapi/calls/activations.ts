import { command, leaving, left, query, seen, type Call, type Stage } from '../call.ts';

const SUBMIT = 'post /v1/activations';
const submitted = (name: string) => (stage: Stage) =>
  leaving(
    stage,
    name,
    stage.partner.post(
      '/v1/activations',
      { customerMid: `openapi-${name}`, customerEmail: 'ana@example.com' },
      { 'Idempotency-Key': `openapi-${name}` },
    ),
  );
const verdict = (name: string, of: string) => (stage: Stage) =>
  stage[of === 'cancel' ? 'partner' : 'analyst'].post(
    `/v1/activations/${left(stage, name)}/${of}`,
    of === 'reject' ? { reason: 'Sem contrato' } : {},
    { 'If-Match': '"0"' },
  );

export const activations: readonly Call[] = [
  command(SUBMIT, 201, submitted('first')),
  command(SUBMIT, 201, submitted('first')),
  command(SUBMIT, 201, submitted('second')),
  command(SUBMIT, 201, submitted('third')),
  command(SUBMIT, 409, ({ partner }) =>
    partner.post('/v1/activations', {
      ...{ customerMid: 'openapi-first', customerEmail: 'ana@example.com' },
    }),
  ),
  command('post /v1/activations/{id}/approve', 200, verdict('first', 'approve')),
  command('post /v1/activations/{id}/approve', 412, verdict('first', 'approve')),
  command('post /v1/activations/{id}/reject', 200, verdict('second', 'reject')),
  command('post /v1/activations/{id}/cancel', 200, verdict('third', 'cancel')),
  query('get /v1/activations', 200, (stage) =>
    stage.partner.get('/v1/activations?status=PENDING', seen(stage)),
  ),
  query('get /v1/activations', 503, ({ partner }) =>
    partner.get('/v1/activations', {
      ...{ 'Min-Log-Position': '9223372036854775807', Prefer: 'wait=0' },
    }),
  ),
  query('get /v1/activations/{id}', 200, (stage) =>
    stage.analyst.get(`/v1/activations/${left(stage, 'first')}`, seen(stage)),
  ),
  query('get /v1/activations/{id}', 200, (stage) =>
    stage.analyst.get(
      `/v1/activations/${left(stage, 'first')}?asOf=9223372036854775807`,
      seen(stage),
    ),
  ),
  query('get /v1/activations/{id}', 404, (stage) =>
    stage.analyst.get(`/v1/activations/${left(stage, 'first')}?asOf=2020-01-01T00:00:00Z`),
  ),
];
