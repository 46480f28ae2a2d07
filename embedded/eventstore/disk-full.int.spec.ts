import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { EventStoreDBClient, UnknownError } from '@eventstore/db-client';
import { expect } from 'chai';
import { freePort } from '#shared/platform/listen.ts';
import { all, anEvent, aStream, failure, ONE_BY_ONE } from './conformance/the-client.ts';
import { eventStoreNode } from './node.ts';

/** No file of the server may grow beyond so many blocks, of 512 or 1024 bytes: a full disk. */
const LARGEST_FILE_BLOCKS = 6_000;
const MOST_APPENDS = 200;
const LARGE = 'x'.repeat(100_000);
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

describe('An event store on a full disk', function () {
  this.timeout(60_000);

  let directory: string;
  let server: ChildProcess;
  let client: EventStoreDBClient;
  const said: string[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-full-'));
    const port = await freePort();
    const limited = `ulimit -f ${LARGEST_FILE_BLOCKS}; exec "$0" --import "$1" "$2"`;
    server = spawn('/bin/sh', ['-c', limited, process.execPath, TSX, MAIN], {
      env: { LASTRO_DATA_DIR: directory, EMBEDDED_EVENTSTORE_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (!server.stdout) throw new Error('A server says when it is ready');
    const lines = createInterface({ input: server.stdout }).on('line', (line) => said.push(line));
    while (!said.some((line) => line.includes('"ready"'))) await once(lines, 'line');
    client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
  });
  after(async () => {
    await client.dispose();
    if (server.exitCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    await rm(directory, { recursive: true, force: true });
  });

  it('refuses appends and says why, goes on reading, and keeps what it acknowledged', async () => {
    const stream = aStream();
    const append = () => client.appendToStream(stream, [anEvent(LARGE)]);
    let acknowledged = 0;
    let refused: Error | undefined;
    while (!refused && acknowledged < MOST_APPENDS)
      await append().then(
        () => (acknowledged += 1),
        (error: unknown) => (refused = error as Error),
      );

    expect(refused).to.be.instanceOf(UnknownError);
    expect(refused?.message).to.match(
      /The event log cannot be written, and nothing was recorded: ./,
    );
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
});
