import { command, leaving, left, query, seen, type Call, type Stage } from '../call.ts';

const ana = { name: 'Ana Lima', email: 'ana.lima@example.com' };
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
  command('delete /v1/customers/{id}', 204, (stage) => stage.app.remove(path(stage))),
  command('delete /v1/customers/{id}', 404, (stage) => stage.app.remove(path(stage))),
];
