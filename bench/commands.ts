// What everything that is on costs a command, against the raw append, in one run on one machine, in
// rounds of all of them: a machine that others use as well changes its speed from minute to minute.
//   node --import tsx bench/commands.ts [seconds per measurement] [seconds of open loop]
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import autocannon from 'autocannon';
import { aSystem, type ASystem } from '../test/support/a-system.ts';
import { aUser, type AUser } from '../test/support/a-user.ts';
import { waitUntil } from '../test/support/wait-until.ts';
import { freePorts } from '#shared/platform/free-port.ts';
import { figuresOf, percentile, show, sustained, type Figures } from './figures.ts';

const AT_ONCE = 64;
const ROUNDS = 3;
/** Before the first round: nobody's first thousand requests are what it costs. */
const WARM_UP_SECONDS = 8;
const OPEN_LOOP_PER_SECOND = 100;
/** Of so many open-loop requests one is followed to the view. */
const FOLLOWED = 5;

const run = randomUUID().slice(0, 8);
const seconds = Number(process.argv[2] ?? 10);
const openLoopSeconds = Number(process.argv[3] ?? 60);

const rawAppends = ({ eventStoreUrl }: ASystem) => {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  let appended = 0;
  const append = () => {
    const nth = appended++;
    const data = {
      customerMid: `raw-${nth}`,
      customerEmail: 'x'.repeat(80),
      product: 'direct-debit',
    };
    const event = jsonEvent({ type: 'RawAppended', data });
    return client.appendToStream(`raw-${run}-${nth}`, [event], { expectedRevision: NO_STREAM });
  };
  return {
    measure: (lasting: number) => sustained(append, { atOnce: AT_ONCE, seconds: lasting }),
    close: () => client.dispose(),
  };
};

/** A closed loop of so many connections; every request has a customer of its own. */
const posted = (
  url: string,
  name: string,
  headersOf: (customerMid: string) => Record<string, string> = () => ({}),
) => {
  let nth = 0;
  const setupRequest = (request: autocannon.Request): autocannon.Request => {
    const customerMid = `${name}-${run}-${nth++}`;
    const body = JSON.stringify({ customerMid, customerEmail: 'ana@example.com' });
    const headers = { 'content-type': 'application/json', ...headersOf(customerMid) };
    return { ...request, headers, body };
  };
  const requests = [{ method: 'POST' as const, setupRequest }];
  return async (lasting: number): Promise<Figures> => {
    const result = await autocannon({ url, connections: AT_ONCE, requests, duration: lasting });
    if (result.non2xx + result.errors > 0)
      throw new Error(`${name}: ${result.non2xx} refusals, ${result.errors} errors`);
    const { latency, duration } = result;
    return { perSecond: result.requests.total / duration, p50: latency.p50, p99: latency.p99 };
  };
};

const bareExpress = async ({ eventStoreUrl }: ASystem) => {
  const [port] = await freePorts(1);
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/bare-express.ts'], {
    env: { ...process.env, EVENTSTORE_URL: eventStoreUrl, PORT: String(port) },
    stdio: 'inherit',
  });
  const url = `http://127.0.0.1:${port ?? 0}/`;
  await waitUntil('the bare route answers', () =>
    fetch(url).then(
      () => true,
      () => false,
    ),
  );
  const close = async () => {
    child.kill();
    await once(child, 'exit');
  };
  return { measure: posted(url, 'bare'), close };
};

type Measured = { readonly name: string; readonly measure: (seconds: number) => Promise<Figures> };

const middle = (values: readonly number[]): number =>
  percentile(
    values.toSorted((one, other) => one - other),
    0.5,
  );

/** Each in its turn, round by round, and of each what lies in the middle; the first is the floor. */
const inRounds = async (measured: readonly Measured[]): Promise<void> => {
  for (const { measure } of measured) await measure(WARM_UP_SECONDS);
  const rounds: (readonly Figures[])[] = [];
  while (rounds.length < ROUNDS) {
    const round: Figures[] = [];
    for (const { measure } of measured) round.push(await measure(seconds));
    rounds.push(round);
  }
  measured.forEach(({ name }, nth) => {
    const of = (figure: keyof Figures) => rounds.map((round) => round[nth]?.[figure] ?? 0);
    const ratios = rounds.map((round) => (round[nth]?.perSecond ?? 0) / (round[0]?.perSecond ?? 0));
    const figures = {
      perSecond: middle(of('perSecond')),
      p50: middle(of('p50')),
      p99: middle(of('p99')),
    };
    show(name, figures, { ...figures, perSecond: figures.perSecond / middle(ratios) });
    console.log(`  round by round: ${ratios.map((ratio) => ratio.toFixed(3)).join(', ')}`);
  });
};

const openLoop = async (partner: AUser) => {
  const answers: number[] = [];
  const lags: number[] = [];
  const failures: unknown[] = [];
  const one = async (nth: number, follow: boolean) => {
    const begun = performance.now();
    const customerMid = `open-${run}-${nth}`;
    const reply = await partner.post('/v1/activations', {
      customerMid,
      customerEmail: 'ana@example.com',
    });
    const answered = performance.now();
    answers.push(answered - begun);
    if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
    if (!follow) return;
    const { id } = reply.body as { readonly id: string };
    const position = { 'min-log-position': reply.headers.get('log-position') ?? '' };
    const read = await partner.get(`/v1/activations/${id}`, position);
    if (read.status !== 200) throw new Error(JSON.stringify(read.body));
    lags.push(performance.now() - answered);
  };

  const pending: Promise<unknown>[] = [];
  const started = performance.now();
  for (let nth = 0; nth < openLoopSeconds * OPEN_LOOP_PER_SECOND; nth++) {
    const due = started + (nth * 1_000) / OPEN_LOOP_PER_SECOND;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    pending.push(one(nth, nth % FOLLOWED === 0).catch((error: unknown) => failures.push(error)));
  }
  await Promise.all(pending);
  return { answers, lags, failures };
};

const system = await aSystem({ RATE_LIMIT_PER_SECOND: '1000000' });
try {
  await system.start();
  const partner = await aUser(system, 'partner1');
  const [raw, bare] = [rawAppends(system), await bareExpress(system)];
  const commands = `${system.commandApi}/v1/activations`;
  const { authorization } = partner;
  const keyed = (key: string) => ({ authorization, 'idempotency-key': key });
  await inRounds([
    { name: `raw appends, ${AT_ONCE} in flight`, measure: raw.measure },
    { name: 'bare Express route that appends', measure: bare.measure },
    { name: 'commands, everything on', measure: posted(commands, 'c', () => ({ authorization })) },
    { name: 'commands with an Idempotency-Key', measure: posted(commands, 'k', keyed) },
  ]);
  await Promise.all([raw.close(), bare.close()]);

  const { answers, lags, failures } = await openLoop(partner);
  show(`open loop at ${OPEN_LOOP_PER_SECOND}/s`, figuresOf(answers, openLoopSeconds));
  show(`  from answer to view (read included)`, figuresOf(lags, openLoopSeconds));
  console.log(`  errors: ${failures.length}`, failures.slice(0, 3));
} finally {
  await system.remove();
}
