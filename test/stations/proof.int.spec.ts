import { expect } from 'chai';
import { brokerProcesses, type ABroker } from '../support/a-broker.ts';
import { aDatabase } from '../support/a-database.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from '../support/an-event-store.ts';
import { prove } from '../support/equipment-proof.ts';

// bench/equipment-proof.ts proves it of ten thousand.
const TRANSACTIONS = 600;
const TIMEOUT_MS = 8_000;

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
      const { right, wrong, lost, open, counted } = await prove({
        ...{ transactions: TRANSACTIONS, broker, timeoutMs: TIMEOUT_MS },
        version: name === 'Mosquitto' ? 5 : 4,
        ...{ databaseUrl: database.url(), eventStoreUrl: node.url },
      });
      expect({ wrong, open, lost }).to.deep.equal({ wrong: [], open: [], lost: [] });
      expect(right).to.have.length(TRANSACTIONS);
      for (const what of ['duplicate', 'contradictory', 'late', 'EquipmentReplyUnmatched'])
        expect(counted.get(what), what).to.be.greaterThan(0);
      expect(counted.get('SwapExpired')).to.be.lessThan(TRANSACTIONS / 5);
    });
  });
