import { expect } from 'chai';
import { brokerProcesses, type ABroker } from '../support/a-broker.ts';
import { aDatabase } from '../support/a-database.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from '../support/an-event-store.ts';
import { prove } from '../support/equipment-proof.ts';

// bench/equipment-proof.ts proves it of ten thousand.
const TRANSACTIONS = 250;
const TIMEOUT_MS = 10_000;
/**
 * They expire, which is not wrong: on a machine that has much else to do, broker and gateways may
 * not be back, or not through with what they missed, before the time is up.
 */
const MOST_LOST = TRANSACTIONS / 4;

for (const [name, make] of brokerProcesses)
  describe(`Every transaction over ${name}`, function () {
    this.timeout(240_000);
    const database = aDatabase();
    let broker: ABroker;
    let node: AnEmbeddedNode;

    before(async () => {
      [broker, node] = [await make(), await anEmbeddedNode()];
      await broker.start();
    });
    after(async () => {
      await broker.remove();
      await node.close();
    });

    it('has one end, and the right one, while broker and gateways are killed under load', async () => {
      const { right, wrong, lost, open, counted, story } = await prove({
        ...{ transactions: TRANSACTIONS, broker, timeoutMs: TIMEOUT_MS },
        version: name === 'Mosquitto' ? 5 : 4,
        ...{ databaseUrl: database.url(), eventStoreUrl: node.url },
      });
      const first = [...wrong, ...open, ...lost].slice(0, 3).map(story).join('\n');
      expect({ wrong, open }, first).to.deep.equal({ wrong: [], open: [] });
      expect(lost.length, first).to.be.at.most(MOST_LOST);
      expect(right).to.have.length(TRANSACTIONS - lost.length);
      for (const what of ['duplicate', 'contradictory', 'late', 'EquipmentReplyUnmatched'])
        expect(counted.get(what), what).to.be.greaterThan(0);
    });
  });
