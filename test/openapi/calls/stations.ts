import { command, leaving, left, query, seen, type Call, type Stage } from '../call.ts';

const station = { description: 'Posto Paulista', protocol: 'json' };
const path = (stage: Stage) => `/v1/stations/${left(stage, 'station')}`;
const start = (stage: Stage) =>
  leaving(stage, 'transaction', stage.operator.post(`${path(stage)}/transactions`, {}));

export const stations: readonly Call[] = [
  command('post /v1/stations', 201, (stage) =>
    leaving(stage, 'station', stage.operator.post('/v1/stations', { description: 'Posto' })),
  ),
  command('delete /v1/stations/{id}', 204, (stage) => stage.operator.remove(path(stage))),
  command('post /v1/stations', 201, (stage) =>
    leaving(stage, 'station', stage.operator.post('/v1/stations', station)),
  ),
  command('post /v1/stations/{id}/transactions', 201, start),
  command('delete /v1/stations/{id}', 409, (stage) => stage.operator.remove(path(stage))),
  command('patch /v1/stations/{id}', 200, (stage) =>
    leaving(stage, 'station', stage.operator.patch(path(stage), { batteryAvailable: false })),
  ),
  command('post /v1/stations/{id}/transactions', 409, (stage) =>
    stage.operator.post(`${path(stage)}/transactions`, {}),
  ),
  query('get /v1/stations', 200, (stage) =>
    stage.operator.get('/v1/stations?limit=2', seen(stage)),
  ),
  query('get /v1/stations/{id}', 200, (stage) => stage.operator.get(path(stage), seen(stage))),
  query('get /v1/transactions', 200, (stage) =>
    stage.operator.get(`/v1/transactions?stationId=${left(stage, 'station')}`, seen(stage)),
  ),
  query('get /v1/transactions/{id}', 200, (stage) =>
    stage.operator.get(`/v1/transactions/${left(stage, 'transaction')}`, seen(stage)),
  ),
];
