import { ask } from '../../support/a-user.ts';
import { command, leaving, left, type Call, type Stage } from '../call.ts';

const POST_TOKEN = 'post /v1/auth/token';
const token = ({ commandApi }: Stage, path: string, body: unknown) =>
  ask('POST', `${commandApi}/v1/auth/${path}`, { body });
const signedIn = (stage: Stage) =>
  token(stage, 'token', { username: 'partner2', password: 'lastro-demo' });

/** Signing in, staying so and signing out. */
export const signingIn: readonly Call[] = [
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
