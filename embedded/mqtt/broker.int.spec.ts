import { once } from 'node:events';
import { connect as connectTo, createServer } from 'node:net';
import { expect } from 'chai';
import { connect, connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { PortInUse } from '#shared/platform/lifecycle.ts';
import { listen, shut } from '#shared/platform/listen.ts';
import { logger } from '#shared/platform/log.ts';
import { eventually, failureOf } from '../testing/eventually.ts';
import { startBroker, type Broker } from './broker.ts';

const log = logger('mqtt', 'silent');
const LARGEST = 256 * 1_024;

describe('The embedded broker', function () {
  this.timeout(90_000);

  let broker: Broker;
  const clients: MqttClient[] = [];

  const connected = async (options: IClientOptions = {}) => {
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const client = await connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0, ...options });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  const next = (client: MqttClient) =>
    new Promise<string>((resolve) => {
      client.once('message', (topic, payload) => {
        resolve(`${topic}: ${payload.toString()}`);
      });
    });
  const closing = (client: MqttClient) =>
    new Promise<void>((resolve) => {
      client.once('close', resolve);
    });

  beforeEach(async () => {
    broker = await startBroker({ port: 0, log });
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.endAsync(true);
    await broker.close();
  });

  it('takes a message from one client to another, and says when it has it', async () => {
    const [equipment, publisher] = [await connected(), await connected()];
    await equipment.subscribeAsync('EQUIPMENT/+', { qos: 1 });
    const message = next(equipment);
    await publisher.publishAsync('EQUIPMENT/VALIDATION', 'transaction {14}', { qos: 1 });
    expect(await message).to.equal('EQUIPMENT/VALIDATION: transaction {14}');
  });

  it('keeps what comes while a client of a lasting session is away', async () => {
    const session: IClientOptions = { clientId: 'equipment-1', clean: false };
    const equipment = await connected(session);
    await equipment.subscribeAsync('EQUIPMENT/VALIDATION', { qos: 1 });
    await equipment.endAsync();

    const publisher = await connected();
    await publisher.publishAsync('EQUIPMENT/VALIDATION', 'transaction {15}', { qos: 1 });
    const back = connect(`mqtt://127.0.0.1:${broker.port}`, { protocolVersion: 4, ...session });
    clients.push(back);
    expect(await next(back)).to.equal('EQUIPMENT/VALIDATION: transaction {15}');
  });

  const again = async (limits: Parameters<typeof startBroker>[0]['limits']) => {
    await broker.close();
    broker = await startBroker({ port: 0, log, ...(limits && { limits }) });
  };

  it('keeps so much and no more for whoever may not come back, and takes it up again', async () => {
    await again({ messages: 3 });
    const session: IClientOptions = { clientId: 'equipment-1', clean: false };
    const equipment = await connected(session);
    await equipment.subscribeAsync('EQUIPMENT/VALIDATION', { qos: 1 });
    await equipment.endAsync();

    const publisher = await connected();
    const publish = (text: string) =>
      publisher.publishAsync('EQUIPMENT/VALIDATION', text, { qos: 1 });
    for (const text of ['1', '2', '3', '4', '5']) await publish(text);
    const heard: string[] = [];
    const back = connect(`mqtt://127.0.0.1:${broker.port}`, { protocolVersion: 4, ...session });
    clients.push(back);
    back.on('message', (_topic, payload) => heard.push(payload.toString()));
    await eventually(() => heard.join(' ') === '1 2 3');
    for (const text of ['6', '7', '8', '9']) await publish(text);
    await eventually(() => heard.join(' ') === '1 2 3 6 7 8 9');
  });

  it('has room again for each that came at last, whatever the quality of service', async () => {
    await again({ messages: 3 });
    const reader = await connected({ clientId: 'reader', clean: false });
    await reader.subscribeAsync('#', { qos: 2 });
    const heard: string[] = [];
    reader.on('message', (_topic, payload) => heard.push(payload.toString()));
    const publisher = await connected();
    for (let nth = 1; nth <= 12; nth++) {
      await publisher.publishAsync('a', String(nth), { qos: 2 });
      await eventually(() => heard.length === nth);
    }
    expect(reader.connected).to.equal(true);
  });

  it('goes on for the others when somebody who is there takes nothing', async () => {
    await again({ messages: 3 });
    const session: IClientOptions = { clientId: 'slow', clean: false };
    const [slow, reader] = [await connected(session), await connected()];
    slow.handleMessage = () => undefined;
    for (const one of [slow, reader]) await one.subscribeAsync('#', { qos: 1 });
    const heard: string[] = [];
    reader.on('message', (_topic, payload) => heard.push(payload.toString()));
    const publisher = await connected();
    for (const text of ['1', '2', '3', '4', '5', '6'])
      await publisher.publishAsync('a', text, { qos: 1 });
    await eventually(() => heard.join(' ') === '1 2 3 4 5 6');

    await slow.endAsync(true);
    const kept: string[] = [];
    const back = connect(`mqtt://127.0.0.1:${broker.port}`, { protocolVersion: 4, ...session });
    clients.push(back);
    back.on('message', (_topic, payload) => kept.push(payload.toString()));
    await eventually(() => kept.join(' ') === '1 2 3');
  });

  it('has so many lasting sessions, and so much that is retained', async () => {
    await again({ sessions: 1, retainedBytes: 270 });
    const lasting = (clientId: string) => connected({ clientId, clean: false });
    await (await lasting('one')).endAsync();
    expect((await failureOf(lasting('two'))).message).to.contain('Server unavailable');
    await (await connected({ clientId: 'one', clean: true })).endAsync();
    await lasting('two');

    const publisher = await connected();
    const retain = (topic: string, text: string) =>
      publisher.publishAsync(topic, text, { qos: 1, retain: true });
    for (const [topic, text] of [
      ['a', '12345'],
      ['b', '123456'],
      ['a', ''],
      ['c', '12345678'],
    ] as const)
      await retain(topic, text);
    const reader = await connected();
    const message = next(reader);
    await reader.subscribeAsync('#', { qos: 1 });
    expect(await message).to.equal('c: 12345678');
  });

  it('cuts off who sends a message over the limit, and goes on', async () => {
    const [large, small, reader] = [await connected(), await connected(), await connected()];
    await reader.subscribeAsync('#', { qos: 1 });
    const closed = closing(large);
    const message = next(reader);
    large.publish('a', Buffer.alloc(LARGEST + 1), { qos: 1 });
    await closed;
    await small.publishAsync('b', 'still here', { qos: 1 });
    expect(await message).to.equal('b: still here');
  });

  it('names the port that is in use, and the variable that moves it', async () => {
    const holder = createServer();
    const port = await listen(holder, 0, 'the port');
    try {
      const error = await failureOf(startBroker({ port, log }));
      expect(error).to.be.instanceOf(PortInUse);
      expect(error.message).to.contain(`Port ${port}`).and.to.contain('EMBEDDED_MQTT_PORT');
    } finally {
      await shut(holder);
    }
  });

  it('ends while clients are connected', async () => {
    const [client, silent] = [await connected(), connectTo(broker.port, '127.0.0.1')];
    await once(silent, 'connect');
    const closed = [closing(client), once(silent, 'close')];
    await broker.close();
    await Promise.all(closed);
    broker = await startBroker({ port: broker.port, log });
  });
});
