import { ask } from '../../support/a-user.ts';
import { command, leaving, left, query, seen, type Call, type Stage } from '../call.ts';

/** Of the demo reseller. */
const CPF = '111.444.777-35';
const MONTH = '2026-01';
const NOW_AND_THEN = ['', '?asOf=9223372036854775807'];

const REGISTER = 'post /v1/resellers';
const registered = ({ commandApi }: Stage) =>
  ask('POST', `${commandApi}/v1/resellers`, {
    body: {
      ...{ fullName: 'Bia Souza', cpf: '39053344705', email: 'bia@example.com' },
      password: 'uma senha qualquer',
    },
  });

const ERASE = 'post /v1/resellers/{id}/erase';
const NOBODY = '00000000-0000-5000-8000-000000000001';
const reason = 'A pedido do titular';
const erased = (stage: Stage) =>
  leaving(
    stage,
    'receipt',
    stage.operator.post(`/v1/resellers/${left(stage, 'bia')}/erase`, { reason }),
  );

const BUY = 'post /v1/purchases';
const CHANGE = 'patch /v1/purchases/{id}';
const CLOSE = 'post /v1/cashback-months/{month}/close';

const bought = (code: string) => (stage: Stage) =>
  leaving(
    stage,
    code,
    stage.reseller.post(
      '/v1/purchases',
      { code, amount: '800.00', date: `${MONTH}-10`, cpf: CPF },
      { 'Idempotency-Key': code },
    ),
  );
const path = (stage: Stage, code: string) => `/v1/purchases/${left(stage, code)}`;
const changed = (stage: Stage) =>
  leaving(stage, 'kept', stage.reseller.patch(path(stage, 'kept'), { amount: '1000.01' }));
const closed = (month: string) => (stage: Stage) =>
  stage.analyst.post(`/v1/cashback-months/${month}/close`);

/** Who buys and earns, what they buy, and the months that it adds up to. */
export const resellers: readonly Call[] = [
  command(REGISTER, 201, (stage) => leaving(stage, 'bia', registered(stage))),
  command(REGISTER, 409, registered),
  ...NOW_AND_THEN.map((asOf) =>
    query('get /v1/resellers/me', 200, (stage) =>
      stage.reseller.get(`/v1/resellers/me${asOf}`, seen(stage)),
    ),
  ),

  ...['kept', 'approved', 'rejected', 'withdrawn'].map((code) => command(BUY, 201, bought(code))),
  command(BUY, 201, bought('kept')),
  command(BUY, 409, ({ reseller }) =>
    reseller.post('/v1/purchases', { code: 'kept', amount: '1.00', date: `${MONTH}-10`, cpf: CPF }),
  ),
  command(BUY, 403, ({ reseller }) =>
    reseller.post('/v1/purchases', {
      ...{ code: 'foreign', amount: '1.00', date: `${MONTH}-10`, cpf: '52998224725' },
    }),
  ),
  command('post /v1/purchases/{id}/approve', 200, (stage) =>
    stage.analyst.post(`${path(stage, 'approved')}/approve`),
  ),
  command('post /v1/purchases/{id}/approve', 200, (stage) =>
    stage.analyst.post(`${path(stage, 'approved')}/approve`),
  ),
  command('post /v1/purchases/{id}/reject', 409, (stage) =>
    stage.analyst.post(`${path(stage, 'approved')}/reject`, { reason: 'Sem nota' }),
  ),
  command('post /v1/purchases/{id}/reject', 200, (stage) =>
    stage.analyst.post(`${path(stage, 'rejected')}/reject`, { reason: 'Sem nota' }),
  ),
  command('delete /v1/purchases/{id}', 204, (stage) =>
    stage.reseller.remove(path(stage, 'withdrawn')),
  ),
  command(CHANGE, 200, changed),
  command(CHANGE, 412, (stage) =>
    stage.reseller.patch(path(stage, 'kept'), { amount: '1.00' }, { 'If-Match': '"0"' }),
  ),

  query('get /v1/purchases', 200, (stage) =>
    stage.reseller.get(`/v1/purchases?month=${MONTH}`, seen(stage)),
  ),
  ...NOW_AND_THEN.map((asOf) =>
    query('get /v1/purchases/{id}', 200, (stage) =>
      stage.analyst.get(`${path(stage, 'kept')}${asOf}`, seen(stage)),
    ),
  ),
  query('get /v1/resellers/me/cashback', 200, (stage) =>
    stage.reseller.get('/v1/resellers/me/cashback', seen(stage)),
  ),

  query('get /v1/resellers/me/personal-data', 200, (stage) =>
    stage.reseller.get('/v1/resellers/me/personal-data', seen(stage)),
  ),
  query('get /v1/resellers/{id}/personal-data', 200, (stage) =>
    stage.operator.get(`/v1/resellers/${left(stage, 'bia')}/personal-data`, seen(stage)),
  ),
  command(ERASE, 404, ({ operator }) => operator.post(`/v1/resellers/${NOBODY}/erase`, { reason })),
  command(ERASE, 200, erased),
  command(ERASE, 200, erased),
  query('get /v1/erasures', 200, ({ operator }) => operator.get('/v1/erasures')),
  query('get /v1/erasures/{id}', 200, (stage) =>
    stage.operator.get(`/v1/erasures/${left(stage, 'receipt')}`, seen(stage)),
  ),
  command(CLOSE, 409, closed('9999-12')),
  command(CLOSE, 200, closed(MONTH)),
  command(CHANGE, 409, changed),
  query('get /v1/cashback-months/credits', 200, ({ auditor }) =>
    auditor.get('/v1/cashback-months/credits?unit=cents'),
  ),
];
