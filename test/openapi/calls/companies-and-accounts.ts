import { command, leaving, left, query, seen, type Call } from '../call.ts';

const COMPANY = 'openapi';
const company = { id: COMPANY, name: 'Lojas Unidas', cnpj: '11222333000181' };

export const companies: readonly Call[] = [
  command('post /v1/companies', 201, (stage) =>
    leaving(stage, 'company', stage.admin.post('/v1/companies', company)),
  ),
  command('post /v1/companies', 409, ({ admin }) => admin.post('/v1/companies', company)),
  command('patch /v1/companies/{id}', 200, (stage) =>
    leaving(stage, 'company', stage.admin.patch(`/v1/companies/${COMPANY}`, { name: 'Lojas' })),
  ),
  query('get /v1/companies', 200, (stage) =>
    stage.analyst.get('/v1/companies?limit=2', seen(stage)),
  ),
  query('get /v1/companies/{id}', 200, (stage) =>
    stage.analyst.get(`/v1/companies/${COMPANY}`, seen(stage)),
  ),
];

const account = {
  username: 'openapi',
  password: 'correct horse',
  role: 'partner',
  companyId: COMPANY,
};

export const accounts: readonly Call[] = [
  command('post /v1/accounts', 201, (stage) =>
    leaving(stage, 'account', stage.admin.post('/v1/accounts', account)),
  ),
  command('post /v1/accounts', 409, ({ admin }) => admin.post('/v1/accounts', account)),
  command('patch /v1/accounts/{id}', 200, (stage) =>
    leaving(
      stage,
      'account',
      stage.admin.patch(`/v1/accounts/${left(stage, 'account')}`, { disabled: true }),
    ),
  ),
  query('get /v1/accounts', 200, (stage) => stage.admin.get('/v1/accounts?limit=2', seen(stage))),
  ...['', '?asOf=9223372036854775807'].map((asOf) =>
    query('get /v1/accounts/{id}', 200, (stage) =>
      stage.admin.get(`/v1/accounts/${left(stage, 'account')}${asOf}`, seen(stage)),
    ),
  ),
];
