import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  type AppendExpectedRevision,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { derivedId } from '#shared/kernel/identity.ts';
import { freePort } from '#shared/platform/free-port.ts';
import { aMain, endMains } from '../testing/a-main.ts';
import { seededChance } from './chance.ts';
import { all } from './conformance/the-client.ts';
import { logDirectory } from './serve.ts';
import { verifyLog } from './verify.ts';

const MAIN = 'embedded/eventstore/main.ts';
const WRITERS = 32;
/** After how many answers the server is killed, round by round: a few times, unless it is asked for more. */
const KILLS = [40, 300, 150, 700];
const asked = process.argv.find((argument) => argument.startsWith('--kills='))?.slice(8);
const chance = seededChance(1);
const kills =
  asked === undefined ? KILLS : Array.from({ length: Number(asked) }, () => chance.below(400));
const EVENTS_PER_APPEND = 3;

/** What one writer appends, one append after the other: the same every time it is asked for. */
const append = (writer: number, nth: number) => ({
  stream: `writer-${writer}`,
  expectedRevision: (nth === 0
    ? NO_STREAM
    : BigInt(nth * EVENTS_PER_APPEND - 1)) as AppendExpectedRevision,
  events: Array.from({ length: EVENTS_PER_APPEND }, (_, index) =>
    jsonEvent({
      id: derivedId('crash', String(writer), String(nth), String(index)),
      type: 'Written',
      data: { writer, nth, index },
    }),
  ),
});

describe('An event store that is killed', function () {
  this.timeout(90_000);

  let directory: string;
  let port: number;

  const environment = (at = port) => ({
    LASTRO_DATA_DIR: directory,
    EMBEDDED_EVENTSTORE_PORT: String(at),
    LOG_LEVEL: 'info',
  });
  const start = async () => {
    const main = aMain(MAIN, environment());
    await main.says('"msg":"ready"');
    return main;
  };
  const connect = () => EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-crash-'));
    port = await freePort();
  });
  afterEach(endMains);
  after(() => rm(directory, { recursive: true, force: true }));

  /** The longest run there is has hundreds of rounds, of a second or two each. */
  const LONGEST_ROUND_MS = 6_000;

  it('has all that it acknowledged, without a gap and without a double', async function () {
    this.timeout(60_000 + kills.length * LONGEST_ROUND_MS);
    /** How many appends of each writer have been answered. */
    const answered = Array.from({ length: WRITERS }, () => 0);
    const positions = new Map<string, bigint | undefined>();

    /** Appends until told to stop, or until there is no answer; then the next round asks again. */
    const write = async (client: EventStoreDBClient, writer: number, goesOn: () => boolean) => {
      while (goesOn()) {
        const nth = answered[writer] ?? 0;
        const { stream, events, expectedRevision } = append(writer, nth);
        const done = await client.appendToStream(stream, events, { expectedRevision });
        expect(done.nextExpectedRevision).to.equal(BigInt((nth + 1) * EVENTS_PER_APPEND - 1));
        positions.set(`${stream} ${done.nextExpectedRevision}`, done.position?.commit);
        answered[writer] = nth + 1;
      }
    };

    for (const kill of [...kills, Infinity]) {
      const main = await start();
      const client = connect();
      const before = positions.size;
      const isLast = kill === Infinity;
      let rounds = 0;
      const goesOn = () => {
        if (positions.size - before >= kill) main.process.kill('SIGKILL');
        return isLast ? (rounds += 1) <= 3 * WRITERS : true;
      };
      const outcomes = await Promise.allSettled(
        answered.map((_, writer) => write(client, writer, goesOn)),
      );
      expect(outcomes.some(({ status }) => status === 'rejected')).to.equal(!isLast);
      if (!isLast) expect(await main.exit).to.equal('SIGKILL');
      await client.dispose();
    }

    const client = connect();
    const log = (await all(client.readAll())).flatMap(({ event }) => event ?? []);
    const written = log.filter(({ type }) => type === 'Written');
    for (const [writer, appends] of answered.entries()) {
      const kept = written.filter(({ streamId }) => streamId === `writer-${writer}`);
      const expected = Array.from(
        { length: appends },
        (_, nth) => append(writer, nth).events,
      ).flat();
      expect(kept.map(({ id }) => id)).to.deep.equal(expected.map(({ id }) => id));
      expect(kept.map(({ revision }) => Number(revision))).to.deep.equal(expected.map((_, n) => n));
    }
    const at = new Map(
      written.map(({ streamId, revision, position }) => [
        `${streamId} ${revision}`,
        position.commit,
      ]),
    );
    for (const [place, position] of positions) expect(at.get(place), place).to.equal(position);
    const order = log.map(({ position }) => position.commit);
    expect(order).to.deep.equal([...new Set(order)].sort((a, b) => (a < b ? -1 : 1)));
    await client.dispose();
    expect((await verifyLog(logDirectory(directory))).told).to.deep.equal([]);
  });

  it('cannot be started twice on the same log, and says so in one line', async () => {
    const first = await start();
    const second = aMain(MAIN, environment(await freePort()));
    expect(await second.exit).to.equal(78);
    expect(second.lines).to.have.length(1);
    expect(second.lines[0]).to.match(/is in use by process \d+: stop it, or set LASTRO_DATA_DIR/);
    first.process.kill('SIGTERM');
    expect(await first.exit).to.equal(0);
  });

  it('names the port that is taken, and its variable, in one line', async () => {
    const first = await start();
    const other = await mkdtemp(join(tmpdir(), 'lastro-crash-'));
    const second = aMain(MAIN, { ...environment(), LASTRO_DATA_DIR: other });
    expect(await second.exit).to.equal(78);
    expect(second.lines).to.deep.equal([
      `eventstore: Port ${port} is in use: stop what listens there, or set EMBEDDED_EVENTSTORE_PORT to another port`,
    ]);
    await rm(other, { recursive: true });
    first.process.kill('SIGTERM');
    expect(await first.exit).to.equal(0);
  });
});
