import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AccessDeniedError,
  EventStoreDBClient,
  UnavailableError,
  type StreamingRead,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { generate } from 'selfsigned';
import { BadConfig } from '#shared/platform/config.ts';
import { USUAL_USERS } from './access.ts';
import { all, anEvent, aStream, failure, ONE_BY_ONE } from './conformance/the-client.ts';
import { eventStoreNode, type EventStoreNode } from './node.ts';

const HERE = '127.0.0.1';

/** A certificate of this machine, signed by itself, that nobody else has ever seen. */
const aCertificate = () =>
  generate([{ name: 'commonName', value: HERE }], {
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: HERE }] },
    ],
  });

describe('A node with TLS and users', function () {
  this.timeout(180_000);

  let directory: string;
  let node: EventStoreNode;
  let trusted: string;
  const clients = new Set<EventStoreDBClient>();

  /** By name and password, `admin:changeit`; without, by nobody. */
  const as = (user: string, scheme = 'esdb', options = `tlsCAFile=${trusted}`) => {
    const who = user === '' ? '' : `${user}@`;
    const url = `${scheme}://${who}${HERE}:${node.port}?${options}`;
    const client = EventStoreDBClient.connectionString(url);
    clients.add(client);
    return client;
  };
  const append = (client: EventStoreDBClient, stream = aStream(), way = {}) =>
    client.appendToStream(stream, [anEvent()], way);
  const readAll = (client: EventStoreDBClient) =>
    all(client.readAll({ maxCount: 1 }) as StreamingRead<unknown>);

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lastro-secure-'));
    const { cert, private: key } = await aCertificate();
    trusted = join(directory, 'ca.pem');
    await writeFile(trusted, cert);
    const tls = { cert: Buffer.from(cert), key: Buffer.from(key) };
    node = await eventStoreNode({ directory, port: 0, tls, users: USUAL_USERS });
  });
  afterEach(async () => {
    for (const client of clients) await client.dispose();
    clients.clear();
  });
  after(async () => {
    await node.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('lets an administrator do everything, in both ways of appending', async () => {
    const [client, stream] = [as('admin:changeit'), aStream()];
    await append(client, stream);
    await append(client, stream, ONE_BY_ONE);
    expect(await all(client.readStream(stream))).to.have.length(2);
    await append(client, '$mine');
    expect(await readAll(client)).to.have.length(1);
    await client.setStreamMetadata(stream, { maxCount: 1 });
    expect(await all(client.readStream(stream))).to.have.length(1);
  });

  it('is found by discovery, under the name that its certificate has', async () => {
    await append(as('admin:changeit', 'esdb+discover'));
  });

  it('lets ops use streams, but neither see nor write what is of the system', async () => {
    const [client, stream] = [as('ops:changeit'), aStream()];
    await append(client, stream);
    await client.setStreamMetadata(stream, { maxCount: 1 });
    expect(await all(client.readStream(stream))).to.have.length(1);
    const credentials = { username: 'ops', password: 'changeit' };
    for (const attempt of [
      () => readAll(client),
      () => all(client.readStream('$settings')),
      () => all(client.readStream('$$$settings')),
      () => append(client, '$ours'),
      () => append(client, '$ours', { credentials }),
      () => client.deleteStream('$settings'),
    ])
      expect(await failure(attempt())).to.be.instanceOf(AccessDeniedError);
  });

  for (const [who, user] of [
    ['with a wrong password', 'admin:guessed'],
    ['whom nobody knows', 'somebody:changeit'],
    ['who does not say who it is', ''],
  ] as const)
    it(`lets nobody in ${who}`, async () => {
      const client = as(user);
      const stream = aStream();
      for (const attempt of [
        () => all(client.readStream(stream)),
        () => append(client, stream),
        () => client.tombstoneStream(stream),
        () => client.deleteStream(stream),
      ])
        expect(await failure(attempt())).to.be.instanceOf(AccessDeniedError);
    });

  it('takes per-call credentials for what they are', async () => {
    const client = as('admin:changeit');
    const credentials = { username: 'admin', password: 'wrong' };
    expect(await failure(append(client, aStream(), { credentials }))).to.be.instanceOf(
      AccessDeniedError,
    );
  });

  it('is not reached unencrypted, nor by who does not trust its certificate', async () => {
    for (const options of ['tls=false', 'tls=true']) {
      const attempt = readAll(as('', 'esdb', options));
      expect(await failure(attempt)).to.satisfy(
        (error: Error & { code?: number }) =>
          error instanceof UnavailableError || error.code === 14,
      );
    }
  });

  it('has no users without TLS, since clients would not say who they are', async () => {
    const other = join(directory, 'other');
    const attempt = eventStoreNode({ directory: other, port: 0, users: USUAL_USERS });
    expect(await failure(attempt)).to.be.instanceOf(BadConfig);
  });
});
