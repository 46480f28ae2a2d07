import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent, UnavailableError } from '@eventstore/db-client';
import { expect } from 'chai';
import { freePort } from '#shared/platform/free-port.ts';
import { aMain, endMains, type AMain } from '../testing/a-main.ts';
import { anEvent, aStream, brief, events, following } from './conformance/the-client.ts';

const SUBSCRIPTIONS = 100;
const EVENTS = 100_000;
const AT_ONCE = 500;
/** Before anything is measured: what a server takes for having been used. */
const WARM_UP = 20_000;
/** More than garbage comes and goes by; less than what is written for the slow one meanwhile. */
const MOST_GROWTH_MB = 45;

/** Memory of a process's own, in MB: what of its files lies in memory is the system's to take back. */
const memoryOf = async ({ process }: AMain): Promise<number> => {
  const status = await readFile(`/proc/${process.pid ?? 0}/status`, 'utf8');
  return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]) / 1_024;
};

describe('Many subscribers', function () {
  this.timeout(180_000);

  let directory: string;
  let main: AMain;
  let url: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-subscribers-'));
    const port = await freePort();
    url = `esdb://127.0.0.1:${port}?tls=false`;
    const switches = [`--max-concurrent-streams=${SUBSCRIPTIONS + 50}`];
    const environment = { LASTRO_DATA_DIR: directory, EMBEDDED_EVENTSTORE_PORT: String(port) };
    main = aMain('embedded/eventstore/main.ts', environment, switches);
    await main.says('"msg":"ready"');
  });
  after(async () => {
    endMains();
    await rm(directory, { recursive: true, force: true });
  });

  const fill = async (client: EventStoreDBClient, count: number) => {
    const event = () => jsonEvent({ type: 'Filled', data: { text: 'x'.repeat(200) } });
    for (let written = 0; written < count; written += AT_ONCE)
      await client.appendToStream('filled', Array.from({ length: AT_ONCE }, event));
  };

  it('cost the server no memory when they are slow', async () => {
    const [writer, reader] = [url, url].map((at) => EventStoreDBClient.connectionString(at));
    if (!writer || !reader) throw new Error('There are two clients');
    await fill(writer, WARM_UP);
    const slow = reader.subscribeToStream('filled');
    slow.on('error', () => undefined);
    const taken: string[] = [];
    const over = new AbortController();
    const taking = (async () => {
      for await (const event of slow) {
        taken.push(brief(event));
        if (over.signal.aborted) return;
        await pause(1_000, undefined, { signal: over.signal }).catch(() => undefined);
      }
    })();
    const before = await memoryOf(main);
    await fill(writer, EVENTS);
    const after = await memoryOf(main);
    over.abort();
    await taking;
    await slow.unsubscribe();
    expect(after - before).to.be.below(MOST_GROWTH_MB);
    expect(taken.length).to.be.below(EVENTS / 100);
    expect(taken).to.deep.equal(taken.map((_, nth) => `${nth} Filled`));
    await Promise.all([writer.dispose(), reader.dispose()]);
  });

  it('are all served at once, each everything, and told when the server stops', async () => {
    const client = EventStoreDBClient.connectionString(url);
    const stream = aStream();
    await client.appendToStream(stream, events(2));
    const all = Array.from({ length: SUBSCRIPTIONS }, () =>
      following(client.subscribeToStream(stream)),
    );
    for (const one of all) await one.until(({ log }) => log.includes('caught up'));
    for (let nth = 0; nth < 10; nth += 1) await client.appendToStream(stream, anEvent('Live'));
    for (const { until, log } of all) {
      await until(({ received }) => received.length === 12);
      expect(log.at(-1)).to.equal('11 Live');
    }

    main.process.kill('SIGTERM');
    for (const one of all) {
      await one.until(({ log }) => log.includes('error'));
      expect(one.error()).to.be.instanceOf(UnavailableError);
    }
    expect(await main.exit).to.equal(0);
    await client.dispose();
  });
});
