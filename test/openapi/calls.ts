import { ask, type AUser, type Reply } from '../support/a-user.ts';

/** Who calls, and what earlier calls have left for later ones. */
export type Stage = {
  readonly commandApi: string;
  readonly queryApi: string;
  readonly admin: AUser;
  readonly analyst: AUser;
  readonly partner: AUser;
  readonly left: Map<string, string>;
};

export type Call = {
  readonly api: 'command' | 'query';
  /** Method and path, as the document has them. */
  readonly route: string;
  readonly status: number;
  readonly ask: (stage: Stage) => Promise<Reply>;
};

const call = (api: Call['api'], route: string, status: number, how: Call['ask']): Call => ({
  ...{ api, route, status, ask: how },
});
const command = (route: string, status: number, how: Call['ask']) =>
  call('command', route, status, how);
const query = (route: string, status: number, how: Call['ask']) =>
  call('query', route, status, how);

const left = ({ left: all }: Stage, name: string): string => {
  const value = all.get(name);
  if (value === undefined) throw new Error(`No earlier call has left ${name}`);
  return value;
};

/** Remembers what was made, and how far the log had got by then. */
const leaving = async (stage: Stage, name: string, asked: Promise<Reply>): Promise<Reply> => {
  const reply = await asked;
  const { id, refresh_token: token } = reply.body as { id?: string; refresh_token?: string };
  stage.left.set(name, id ?? token ?? '');
  const position = reply.headers.get('log-position');
  if (position !== null) stage.left.set('position', position);
  return reply;
};

/** Reads what was just written, however far behind the views are. */
const seen = (stage: Stage) => ({ 'Min-Log-Position': left(stage, 'position') });

const POST_TOKEN = 'post /v1/auth/token';
const token = ({ commandApi }: Stage, path: string, body: unknown) =>
  ask('POST', `${commandApi}/v1/auth/${path}`, { body });
const signedIn = (stage: Stage) =>
  token(stage, 'token', { username: 'partner2', password: 'lastro-demo' });

const signingIn: readonly Call[] = [
  command('get /.well-known/jwks.json', 200, ({ commandApi }) =>
    ask('GET', `${commandApi}/.well-known/jwks.json`),
  ),
  command(POST_TOKEN, 200, (stage) => leaving(stage, 'refresh', signedIn(stage))),
  command(POST_TOKEN, 401, (stage) =>
    token(stage, 'token', { username: 'partner2', password: 'x' }),
  ),
  command('post /v1/auth/refresh', 200, (stage) =>
    leaving(stage, 'refresh', token(stage, 'refresh', { refresh_token: left(stage, 'refresh') })),
  ),
  command('post /v1/auth/refresh', 401, (stage) => token(stage, 'refresh', { refresh_token: 'x' })),
  command('get /v1/auth/sessions', 200, ({ commandApi, partner: { authorization } }) =>
    ask('GET', `${commandApi}/v1/auth/sessions?limit=1`, { headers: { authorization } }),
  ),
  command('post /v1/auth/revoke', 204, (stage) =>
    token(stage, 'revoke', { refresh_token: left(stage, 'refresh') }),
  ),
];

const COMPANY = 'openapi';
const company = { id: COMPANY, name: 'Lojas Unidas', cnpj: '11222333000181' };

const companies: readonly Call[] = [
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

const accounts: readonly Call[] = [
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
  query('get /v1/accounts/{id}', 200, (stage) =>
    stage.admin.get(`/v1/accounts/${left(stage, 'account')}`, seen(stage)),
  ),
];

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

const activations: readonly Call[] = [
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
];

/** In this order: what is made is changed and read afterwards. */
export const calls: readonly Call[] = [...signingIn, ...companies, ...accounts, ...activations];
