import Table from 'cli-table3';
import { DEMO_PASSWORD } from '../demo-people.ts';
import type { Plan } from './plan.ts';

const DEMO_ACCOUNTS = [
  ['admin', 'may do everything'],
  ['analyst1 … analyst10', 'approve and reject'],
  ['partner1 … partner6000', 'ask for activations; 200 for each of the companies 1 to 30'],
  ['reseller', 'registers purchases (CPF 11144477735)'],
  ['erp', 'posts sales'],
  ['operator', 'keeps stations, retries and settles'],
  ['auditor', 'reads the log, seals and verifies'],
  ['app', 'starts transactions, keeps customers and favourites'],
] as const;

const URLS = [
  ['Command API (POST, PATCH, DELETE)', 'COMMAND_API_PORT', ''],
  ['  try it in the browser', 'COMMAND_API_PORT', '/docs'],
  ['Query API (GET)', 'QUERY_API_PORT', ''],
  ['  try it in the browser', 'QUERY_API_PORT', '/docs'],
  ['E-mails that were caught', 'EMBEDDED_MAIL_PORT', ''],
  ['Sandbox of the partner APIs', 'EMBEDDED_SANDBOX_PORT', ''],
  ['Gateway to equipment: is it ready?', 'ADAPTERS_PORT', '/health/ready'],
] as const;

const SERVERS = [
  [
    'Event store',
    'EMBEDDED_EVENTSTORE_PORT',
    (port: number) => `esdb://127.0.0.1:${port}?tls=false`,
  ],
  [
    'Postgres',
    'EMBEDDED_POSTGRES_PORT',
    (port: number) => `postgres://lastro:lastro@127.0.0.1:${port}/lastro`,
  ],
  ['MQTT broker', 'EMBEDDED_MQTT_PORT', (port: number) => `mqtt://127.0.0.1:${port}`],
] as const;

const modeIn = ({ EQUIPMENT_SIMULATOR: mode = '' }: NodeJS.ProcessEnv) =>
  mode === '' ? 'random' : mode;

/** Everything somebody needs who has just started it, in one table. */
export const tableOf = (
  { ports, embedded, environment }: Plan,
  { demoData }: { readonly demoData: boolean },
): string => {
  const table = new Table({ style: { head: [], border: [] } });
  for (const [what, variable, path] of URLS) {
    const port = ports[variable];
    if (port !== undefined) table.push([what, `http://127.0.0.1:${port}${path}`]);
  }
  for (const [what, variable, urlOf] of SERVERS) {
    const port = ports[variable];
    if (port !== undefined) table.push([what, urlOf(port)]);
  }
  if (embedded.some(({ name }) => name === 'equipment'))
    table.push(['Equipment, simulated', `EQUIPMENT_SIMULATOR=${modeIn(environment)}`]);
  if (demoData) {
    table.push([{ colSpan: 2, content: `Demo accounts, password ${DEMO_PASSWORD}` }]);
    for (const [account, role] of DEMO_ACCOUNTS) table.push([account, role]);
  }
  return table.toString();
};
