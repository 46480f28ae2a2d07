// Every transaction comes to one end, and to the right one, while the broker and two gateways are
// killed under load, with a twentieth of the replies doubled, late, contradictory or garbled each.
// What is right is judged by what the equipment is known to have said. On every broker there is here:
//   node --import tsx bench/equipment-proof.ts [transactions, 10000] [part of a broker's name]
import { aPostgres } from '../embedded/postgres/a-postgres.ts';
import { brokerProcesses, type ABroker } from '../test/support/a-broker.ts';
import { anEmbeddedNode } from '../test/support/an-event-store.ts';
import { prove, type Proof } from '../test/support/equipment-proof.ts';

const transactions = Number(process.argv[2] ?? 10_000);
const wanted = process.argv[3] ?? '';
const TIMEOUT_MS = 30_000;

const proven = async (name: string, broker: ABroker): Promise<Proof> => {
  const [node, postgres] = [await anEmbeddedNode(), await aPostgres()];
  await broker.start();
  try {
    return await prove({
      ...{ transactions, broker, timeoutMs: TIMEOUT_MS },
      version: name === 'Mosquitto' ? 5 : 4,
      ...{ databaseUrl: postgres.url, eventStoreUrl: node.url },
    });
  } finally {
    await broker.remove();
    await postgres.close();
    await node.close();
  }
};

for (const [name, make] of brokerProcesses) {
  if (!name.includes(wanted)) continue;
  const started = performance.now();
  const { right, wrong, lost, open, counted } = await proven(name, await make());
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  const verdict = `${right.length} right, ${wrong.length} wrong, ${lost.length} lost, ${open.length} without an end`;
  console.log(`${transactions} transactions over ${name}: ${verdict}, in ${seconds} s`);
  console.log(`  ${[...counted].map(([what, times]) => `${what} ${times}`).join(', ')}`);
  if (right.length < transactions) process.exitCode = 1;
}
