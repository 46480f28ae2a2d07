import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { connect } from '../../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../../adapters/eventstoredb/event-store.ts';
import { aMain, endMains } from '../../embedded/testing/a-main.ts';
import { PASSWORD, secureBrokers, type ASecureBroker } from '../support/a-secure-broker.ts';
import { aDatabase } from '../support/a-database.ts';
import { someSwaps } from '../support/a-gateway.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from '../support/an-event-store.ts';
import { freePorts } from '#shared/platform/free-port.ts';
import { waitUntil } from '../support/wait-until.ts';

const TOPICS = {
  MQTT_REQUEST_TOPIC: 'acme/ask',
  MQTT_REPLY_TOPIC: 'acme/answer',
  MQTT_STATIONS_TOPIC: 'acme/stations',
  MQTT_GATEWAYS_TOPIC: 'acme/gateways',
};
const SPOKEN = [
  [15, 'text'],
  [16, 'json'],
] as const;
const PRESENCE = 'acme/gateways/gateway-1/PRESENCE';

const ready = async (port: number) => {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
  return { isReady: answer?.ok ?? false, said: (await answer?.text()) ?? '' };
};

for (const make of secureBrokers)
  describe('A gateway, and a broker that wants TLS and a password', function () {
    this.timeout(180_000);
    const database = aDatabase();
    const directory = mkdtempSync(join(tmpdir(), 'lastro-secure-'));
    let [broker, node, port]: [ASecureBroker?, AnEmbeddedNode?, number?] = [];

    before(async () => {
      [broker, node, [port]] = [await make(), await anEmbeddedNode(), await freePorts(1)];
    });
    afterEach(endMains);
    after(async () => {
      await broker?.remove();
      await node?.close();
      rmSync(directory, { recursive: true, force: true });
    });

    const stage = () => {
      if (!broker || !node || port === undefined) throw new Error('It has not been prepared');
      const [at, there] = [port, broker];
      const common = {
        ...{ DATABASE_URL: database.url(), EVENTSTORE_URL: node.url, LASTRO_DATA_DIR: directory },
        ...{ ADAPTERS_PORT: String(at), LISTEN_HOST: '127.0.0.1', MQTT_GATEWAY_ID: 'gateway-1' },
      };
      const trusting = { NODE_EXTRA_CA_CERTS: there.certificate };
      return {
        ...{ broker: there, trusting, eventStoreUrl: node.url, readiness: () => ready(at) },
        simulator: (password: string) =>
          aMain('embedded/equipment/main.ts', {
            ...{ ...TOPICS, ...trusting, MQTT_URL: there.url(password) },
            EQUIPMENT_SIMULATOR: 'error',
          }),
        gateway: (password: string, more: Record<string, string>) =>
          aMain('adapters/main.ts', {
            ...common,
            ...TOPICS,
            MQTT_URL: there.url(password),
            ...more,
          }),
      };
    };

    it('speak on the topics that are given, and it is told by the last will when one is gone', async () => {
      const { broker: there, gateway, trusting, eventStoreUrl, readiness } = stage();
      const device = await there.device();
      const connection = connect(eventStoreUrl);
      const { start, isOver, statusOf } = someSwaps(eventStoreDb(connection, inMemoryKeys()));
      try {
        const running = gateway(PASSWORD, trusting);
        await waitUntil('it is ready', async () => (await readiness()).isReady);
        await start(14);
        await waitUntil('it asks', () => device.on('acme/ask').length > 0);
        expect(device.on('acme/ask')).to.deep.equal(['transaction {14}']);
        await device.say('acme/answer', 'confirm transaction {14}\n');
        await waitUntil('it is over', () => isOver(14));
        expect(await statusOf(14)).to.equal('COMPLETED');

        expect(device.on(PRESENCE).at(-1)).to.equal('{"status":"online"}');
        running.process.kill('SIGKILL');
        await waitUntil('it is told', () => device.on(PRESENCE).at(-1) === '{"status":"offline"}');
      } finally {
        await connection.dispose();
        await device.stop();
      }
    });

    it('let in the simulator, on the same topics and with the same password', async () => {
      const { gateway, simulator, trusting, eventStoreUrl, readiness } = stage();
      const connection = connect(eventStoreUrl);
      const { start, isOver, statusOf } = someSwaps(eventStoreDb(connection, inMemoryKeys()));
      try {
        simulator(PASSWORD);
        gateway(PASSWORD, trusting);
        await waitUntil('it is ready', async () => (await readiness()).isReady);
        for (const [number, protocol] of SPOKEN) await start(number, protocol);
        for (const [number] of SPOKEN) {
          await waitUntil('it is over', () => isOver(number));
          expect(await statusOf(number)).to.equal('FAILED');
        }
      } finally {
        await connection.dispose();
      }
    });

    it('do not speak with the wrong password, which nobody is told', async () => {
      const { gateway, trusting, readiness } = stage();
      const refused = gateway('not the password', trusting);
      await refused.says('does not work yet');
      const { isReady, said } = await readiness();
      expect(isReady).to.equal(false);
      expect(said).to.contain('mqtt');
      expect(refused.lines.join('\n')).to.not.contain('not the').and.not.contain('not%20the');
      expect(refused.lines.join('\n')).to.match(/not authorized|Not authorized/i);
    });

    it('do not speak when nobody vouches for the certificate', async () => {
      const { gateway, readiness } = stage();
      const wary = gateway(PASSWORD, {});
      await wary.says('does not work yet');
      expect((await readiness()).isReady).to.equal(false);
      expect(wary.lines.join('\n')).to.match(/self[- ]signed certificate/i);
    });
  });
