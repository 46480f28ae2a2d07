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
const TIMEOUT_MS = 10_000;
const TOLD_EVERY = 1_000;

const tell = (started: number, ended: number): void => {
  if (started % TOLD_EVERY === 1) console.error(`  ${started} started, ${ended} ended`);
};

const proven = async (name: string, broker: ABroker): Promise<Proof> => {
  const [node, postgres] = [await anEmbeddedNode(), await aPostgres()];
  await broker.start();
  try {
    return await prove({
      ...{ transactions, broker, timeoutMs: TIMEOUT_MS, onProgress: tell },
      version: name === 'Mosquitto' ? 5 : 4,
      ...{ databaseUrl: postgres.url, eventStoreUrl: node.url },
    });
  } finally {
    await broker.remove();
    await postgres.close();
    await node.close();
  }
};

/** Neighbours as one: `3, 7-12`. */
const ranges = (numbers: readonly number[]): string =>
  numbers
    .filter((one) => !numbers.includes(one - 1))
    .map((from) => {
      let to = from;
      while (numbers.includes(to + 1)) to += 1;
      return to > from ? `${from}-${to}` : String(from);
    })
    .join(', ');

for (const [name, make] of brokerProcesses) {
  if (!name.includes(wanted)) continue;
  const started = performance.now();
  const { right, wrong, lost, open, counted, story } = await proven(name, await make());
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  const verdict = `${right.length} right, ${wrong.length} wrong, ${lost.length} lost, ${open.length} without an end`;
  console.log(`${transactions} transactions over ${name}: ${verdict}, in ${seconds} s`);
  console.log(`  ${[...counted].map(([what, times]) => `${what} ${times}`).join(', ')}`);
  for (const [what, numbers] of Object.entries({ wrong, lost, open }))
    if (numbers.length > 0)
      console.log(`  ${what}: ${ranges(numbers)}\n    ${story(numbers[0] ?? 0)}`);
  if (right.length < transactions) process.exitCode = 1;
}
