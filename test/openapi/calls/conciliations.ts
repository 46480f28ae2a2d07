import { sendStatement } from '../../support/a-statement-sent.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { uncertainSale } from './sales.ts';
import { command, leaving, left, query, seen, type Call, type Stage } from '../call.ts';

const LONGEST_RUN_MS = 60_000;
const SEND = 'post /v1/conciliations';
const STATED = { source: 'cashback-api', from: '2026-01-01', to: '2026-01-31' };
const STATEMENT =
  'id,document,cashback,createdAt\n99999,52998224725,999.00,2026-01-02T12:00:00Z\nx\n';

const BUYER = '15350946056';

const sent = (stage: Stage, statement = STATEMENT) =>
  sendStatement(stage.commandApi, STATED, statement, {
    authorization: stage.operator.authorization,
  });

/** Once it has come to a report, which is when there is anything to hold to the document. */
const reported = async (stage: Stage) => {
  const one = () =>
    stage.operator.get(`/v1/conciliations/${left(stage, 'conciliation')}`, seen(stage));
  const isDone = async () => ((await one()).body as { status: string }).status === 'COMPLETED';
  await waitUntil('the statement is set against the log', isDone, LONGEST_RUN_MS);
  return one();
};

const ITEM = 'post /v1/conciliations/{id}/items/{item}';
const itemOf = (stage: Stage) => `/v1/conciliations/${left(stage, 'conciliation')}/items/2-0`;
const writeOff = { resolution: 'WRITTEN_OFF', reason: 'Não se encontra' };

/** What was done is in the log before the items show it. */
const shownItems = (stage: Stage) =>
  stage.operator.get(`/v1/conciliations/${left(stage, 'conciliation')}/items`, seen(stage));

const SETTLE = 'post /v1/conciliations/{id}/settle';
const settled = (stage: Stage) =>
  stage.operator.post(`/v1/conciliations/${left(stage, 'conciliation')}/settle`, {
    reason: 'O parceiro confirma',
  });

/** With a statement that knows of a sale of which nobody else does. */
const confirmed = async (stage: Stage) => {
  await uncertainSale(stage, BUYER);
  const confirming = `id,document,cashback,createdAt\n77001,${BUYER},14.00,2026-01-02T12:00:00Z\n`;
  await leaving(stage, 'conciliation', sent(stage, confirming));
  await reported(stage);
  return settled(stage);
};

const PERIOD = 'post /v1/conciliation-periods/{month}';
const closing = ({ operator }: Stage, month: string) =>
  operator.post(`/v1/conciliation-periods/${month}/close`);
const reopening = ({ operator }: Stage) =>
  operator.post('/v1/conciliation-periods/2025-01/reopen', { reason: 'Veio outro extrato' });
const shownPeriod = (path: string) => (stage: Stage) => stage.operator.get(path, seen(stage));

const periods: readonly Call[] = [
  command(`${PERIOD}/close`, 409, (stage) => closing(stage, '2026-01')),
  command(`${PERIOD}/close`, 200, (stage) => closing(stage, '2025-01')),
  command(`${PERIOD}/reopen`, 200, (stage) => leaving(stage, 'reopening', reopening(stage))),
  query(
    'get /v1/conciliation-periods/{month}',
    200,
    shownPeriod('/v1/conciliation-periods/2025-01'),
  ),
  query('get /v1/conciliation-periods', 200, shownPeriod('/v1/conciliation-periods')),
];

export const conciliations: readonly Call[] = [
  command(SEND, 202, (stage) => leaving(stage, 'conciliation', sent(stage))),
  command(SEND, 200, (stage) => sent(stage)),
  query('get /v1/conciliations/{id}', 200, reported),
  query('get /v1/conciliations', 200, ({ operator }) => operator.get('/v1/conciliations')),
  command(`${ITEM}/resolve`, 200, (stage) =>
    stage.operator.post(`${itemOf(stage)}/resolve`, writeOff),
  ),
  command(`${ITEM}/approve`, 409, (stage) => stage.operator.post(`${itemOf(stage)}/approve`)),
  command(`${ITEM}/approve`, 200, (stage) =>
    leaving(stage, 'approval', stage.admin.post(`${itemOf(stage)}/approve`)),
  ),
  query('get /v1/conciliations/{id}/items', 200, shownItems),
  command(SETTLE, 200, settled),
  command(SETTLE, 202, confirmed),
  ...periods,
];
