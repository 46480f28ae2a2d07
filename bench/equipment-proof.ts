// Every transaction comes to one end, and to the right one, while the broker, two gateways and the
// timers are killed under load, with a twentieth of the replies doubled, late, contradictory, garbled
// or missing each. What is right is judged by what the equipment means to say and has said: none may
// be wrong, lost (answered, and expired all the same) or open. What is overdue was answered too, and
// the answer came out of the broker when time was up: it is on record as late, and is no loss but of
// speed. On every broker there is here:
//   node --import tsx bench/equipment-proof.ts [transactions, 10000] [part of a broker's name]
import { aPostgres } from '../embedded/postgres/a-postgres.ts';
import { brokerProcesses, type ABroker } from '../test/support/a-broker.ts';
import { anEmbeddedNode } from '../test/support/an-event-store.ts';
import { prove, type Proof } from '../test/support/equipment-proof.ts';

const transactions = Number(process.argv[2] ?? 10_000);
const wanted = process.argv[3] ?? '';
/** As long as it is unless somebody sets another. */
const TIMEOUT_MS = 30_000;
const TOLD_EVERY = 1_000;

const tell = (started: number, ended: number): void => {
  if (started % TOLD_EVERY === 0) console.error(`  ${started} started, ${ended} ended`);
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

const MOST_STORIES = 10;

for (const [name, make] of brokerProcesses) {
  if (!name.includes(wanted)) continue;
  const started = performance.now();
  const proof = await proven(name, await make());
  const { right, wrong, overdue, lost, open, lateUnkept, counted, story } = proof;
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  const failures = { wrong, lost, open };
  const verdict = Object.entries({ right, ...failures, overdue })
    .map(([what, numbers]) => `${numbers.length} ${what}`)
    .join(', ');
  console.log(`${transactions} transactions over ${name}: ${verdict}, in ${seconds} s`);
  console.log(`  ${[...counted].map(([what, times]) => `${what} ${times}`).join(', ')}`);
  console.log(`  late answers that a killed broker forgot: ${lateUnkept.length}`);
  for (const [what, numbers] of Object.entries({ ...failures, overdue })) {
    if (numbers.length > 0) console.log(`  ${what}: ${ranges(numbers)}`);
    for (const number of numbers.slice(0, MOST_STORIES)) console.log(`    ${story(number)}`);
  }
  if (Object.values(failures).some(({ length }) => length > 0)) process.exitCode = 1;
}
