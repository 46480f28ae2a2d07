import { derivedId } from '#shared/kernel/identity.ts';
import { command, leaving, left, query, seen, type Call, type Stage } from '../call.ts';

const ana = { name: 'Ana Lima', email: 'ana.lima@example.com' };
/** One that the sandbox does not sell. */
const NO_PRODUCT = '00000000-0000-5000-8000-000000000001';
const FAVOURITES = '/v1/customers/{id}/favourites';
/** The first that the sandbox sells. */
const PRODUCT = derivedId('sandbox-product', '1');
const path = (stage: Stage) => `/v1/customers/${left(stage, 'customer')}`;

export const customers: readonly Call[] = [
  command('post /v1/customers', 201, (stage) =>
    leaving(stage, 'customer', stage.app.post('/v1/customers', ana)),
  ),
  command('post /v1/customers', 409, ({ app }) => app.post('/v1/customers', ana)),
  command('patch /v1/customers/{id}', 200, (stage) =>
    leaving(stage, 'customer', stage.app.patch(path(stage), { name: 'Ana de Lima' })),
  ),
  query('get /v1/customers', 200, (stage) => stage.app.get('/v1/customers', seen(stage))),
  query('get /v1/customers/{id}', 200, (stage) => stage.app.get(path(stage), seen(stage))),
  command(`post ${FAVOURITES}`, 202, (stage) =>
    leaving(
      stage,
      'favourite',
      stage.app.post(`${path(stage)}/favourites`, { productId: PRODUCT }),
    ),
  ),
  query(`get ${FAVOURITES}`, 200, (stage) =>
    stage.app.get(`${path(stage)}/favourites?status=REQUESTED`, seen(stage)),
  ),
  query('get /v1/customers/{id}/personal-data', 200, (stage) =>
    stage.app.get(`${path(stage)}/personal-data`, seen(stage)),
  ),
  command(`delete ${FAVOURITES}/{productId}`, 204, (stage) =>
    stage.app.remove(`${path(stage)}/favourites/${PRODUCT}`),
  ),
  command(`delete ${FAVOURITES}/{productId}`, 404, (stage) =>
    stage.app.remove(`${path(stage)}/favourites/${NO_PRODUCT}`),
  ),
  command('delete /v1/customers/{id}', 204, (stage) => stage.app.remove(path(stage))),
  command('delete /v1/customers/{id}', 404, (stage) => stage.app.remove(path(stage))),
];
