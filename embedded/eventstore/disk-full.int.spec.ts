import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EventStoreDBClient, UnknownError } from '@eventstore/db-client';
import { expect } from 'chai';
import { freePort } from '#shared/platform/free-port.ts';
import { eventually } from '../testing/eventually.ts';
import { all, anEvent, aStream, failure, ONE_BY_ONE } from './conformance/the-client.ts';
import { eventStoreNode } from './node.ts';

/** No file of the server may grow beyond so many blocks, of 512 or 1024 bytes. */
const LARGEST_FILE_BLOCKS = 6_000;
const FILE_SYSTEM_MB = 16;
/** What else lies there, until it is removed. */
const BALLAST = Buffer.alloc(10 * 1024 * 1024);
const MOST_APPENDS = 200;
const LARGE = 'x'.repeat(100_000);
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

const MOUNT = `mount -t tmpfs -o size=${FILE_SYSTEM_MB}m none`;
const RUN = 'exec "$0" --import "$1" "$2"';
/** A file system of its own, that nobody else sees; not every machine lets everybody have one. */
const mayMount = spawnSync('unshare', ['-rm', 'sh', '-c', `${MOUNT} /mnt`]).status === 0;

describe('An event store on a full disk', function () {
  this.timeout(180_000);

  let directory: string;
  let server: ChildProcess;
  let client: EventStoreDBClient;
  let port: number;
  let said: string[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-full-'));
    port = await freePort();
    said = [];
    client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
  });
  afterEach(async () => {
    await client.dispose();
    if (server.exitCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    await rm(directory, { recursive: true, force: true });
  });

  const start = async (command: readonly string[], script: string) => {
    const args = [...command, script, process.execPath, TSX, MAIN];
    server = spawn('/usr/bin/env', args, {
      env: { LASTRO_DATA_DIR: directory, EMBEDDED_EVENTSTORE_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (!server.stdout) throw new Error('A server says when it is ready');
    const lines = createInterface({ input: server.stdout }).on('line', (line) => said.push(line));
    while (!said.some((line) => line.includes('"ready"'))) await once(lines, 'line');
  };

  /** Until there is no room for more: how many went well, and why no more did. */
  const appendTo = async (stream: string) => {
    let acknowledged = 0;
    let refused: Error | undefined;
    while (!refused && acknowledged < MOST_APPENDS)
      await client.appendToStream(stream, [anEvent(LARGE)]).then(
        () => (acknowledged += 1),
        (error: unknown) => (refused = error as Error),
      );
    expect(refused).to.be.instanceOf(UnknownError);
    expect(refused?.message).to.match(
      /The event log cannot be written, and nothing was recorded: ./,
    );
    return acknowledged;
  };

  it('refuses appends and says why, goes on reading, and keeps what it acknowledged', async () => {
    await start(['sh', '-c'], `ulimit -f ${LARGEST_FILE_BLOCKS}; ${RUN}`);
    const stream = aStream();
    const acknowledged = await appendTo(stream);
    const alone = failure(client.appendToStream(stream, [anEvent(LARGE)], ONE_BY_ONE));
    expect((await alone).message).to.match(/INTERNAL: The event log cannot be written/);
    expect(said.join('\n')).to.match(/"level":"error".*"doing":"commit"/);
    expect(await all(client.readStream(stream))).to.have.length(acknowledged);

    server.kill('SIGTERM');
    expect(await once(server, 'exit')).to.deep.equal([0, null]);
    const node = await eventStoreNode({ directory: join(directory, 'eventstore'), port: 0 });
    const url = `esdb://127.0.0.1:${node.port}?tls=false`;
    const later = EventStoreDBClient.connectionString(url);
    const { nextExpectedRevision } = await later.appendToStream(stream, [anEvent(LARGE)]);
    expect(nextExpectedRevision).to.equal(BigInt(acknowledged));
    await later.dispose();
    await node.close();
  });

  if (mayMount)
    it('goes on by itself when there is room again, on a file system that was full', async () => {
      await start(['unshare', '-rm', 'sh', '-c'], `${MOUNT} "$LASTRO_DATA_DIR" && ${RUN}`);
      /** As the server sees it. */
      const ballast = join(`/proc/${server.pid ?? 0}/root`, directory, 'ballast');
      await writeFile(ballast, BALLAST);
      const stream = aStream();
      const acknowledged = await appendTo(stream);
      const reason = /"level":"error".*There is no room left for .*: make some/;
      await eventually(() => said.some((line) => reason.test(line)));
      expect(await all(client.readStream(stream))).to.have.length(acknowledged);

      await rm(ballast);
      const { nextExpectedRevision } = await client.appendToStream(stream, [anEvent(LARGE)]);
      expect(nextExpectedRevision).to.equal(BigInt(acknowledged));
      expect(await all(client.readStream(stream))).to.have.length(acknowledged + 1);
    });
});
