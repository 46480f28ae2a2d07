import { expect } from 'chai';
import { brokerProcesses, type ABroker } from '../support/a-broker.ts';
import { aDatabase } from '../support/a-database.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from '../support/an-event-store.ts';
import { prove } from '../support/equipment-proof.ts';

// bench/equipment-proof.ts proves it of ten thousand.
const TRANSACTIONS = 250;
/** Longer than anybody waits here: who answers is to be heard, however slow the machine is. */
const TIMEOUT_MS = 600_000;
/** For those who do not answer. */
const UNANSWERED_MS = 2_000;

for (const [name, make] of brokerProcesses)
  describe(`Every transaction over ${name}`, function () {
    this.timeout(480_000);
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
      const { right, wrong, lost, overdue, open, lateUnkept, counted, story } = await prove({
        ...{ transactions: TRANSACTIONS, broker, timeoutMs: TIMEOUT_MS },
        ...{ unansweredMs: UNANSWERED_MS, version: name === 'Mosquitto' ? 5 : 4 },
        ...{ databaseUrl: database.url(), eventStoreUrl: node.url },
      });
      const bad = { wrong, lost, overdue, open, lateUnkept };
      const stories = Object.values(bad).flat().slice(0, 3).map(story).join('\n');
      expect(bad, stories).to.deep.equal({
        ...{ wrong: [], lost: [], overdue: [], open: [], lateUnkept: [] },
      });
      expect(right).to.have.length(TRANSACTIONS);
      for (const what of ['duplicate', 'contradictory', 'late', 'EquipmentReplyUnmatched'])
        expect(counted.get(what), what).to.be.greaterThan(0);
    });
  });
