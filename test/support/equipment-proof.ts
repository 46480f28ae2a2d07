import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { connect } from '../../adapters/eventstoredb/connection.ts';
import { eventStoreDb } from '../../adapters/eventstoredb/event-store.ts';
import { answersTo, type Said } from '../../embedded/equipment/answers.ts';
import type { ABroker } from './a-broker.ts';
import { someSwaps } from './a-gateway.ts';
import { aWitness } from './a-witness.ts';
import { isAnswered, judged, storyOf, type Judgement } from './equipment-oracle.ts';
import { proofProcesses, type Name, type ProofProcesses } from './proof-processes.ts';
import { swapsObserved, type SwapsObserved } from './swaps-observed.ts';
import { waitUntil } from './wait-until.ts';

/** So many are left without an end before more are started. */
const MOST_OPEN = 300;
const STARTED_AT_ONCE = 8;
/** From when nothing more is started, beside the time that equipment has to answer. */
const LONGEST_END_MS = 120_000;
const LONGEST_KEEPING_MS = 60_000;
/** What is late is said when it is too late, however long that takes. */
const PLAN = { mode: 'mixed', seed: 'a proof', lateMs: Infinity } as const;

export type Proving = {
  readonly transactions: number;
  readonly broker: ABroker;
  readonly version: 4 | 5;
  readonly databaseUrl: string;
  readonly eventStoreUrl: string;
  /** How long equipment has to answer. */
  readonly timeoutMs: number;
  /**
   * What is not answered is started when all others are over, and has so long. Where `timeoutMs` is
   * longer than anybody waits, nothing then depends on how fast the machine is.
   */
  readonly unansweredMs?: number;
  readonly onProgress?: (started: number, ended: number) => void;
};

export type Proof = Readonly<Record<Judgement, readonly number[]>> & {
  readonly counted: SwapsObserved['counted'];
  /** Those whose answer is late by plan, and not on record as that. */
  readonly lateUnkept: readonly number[];
  readonly story: (number: number) => string;
};

type Strike = (restart: (name: Name) => Promise<void>) => Promise<unknown>;
type Round = {
  readonly numbers: readonly number[];
  readonly timeoutMs: number;
  /** What happens when so much of it has been started. */
  readonly troubles: ReadonlyMap<number, Strike>;
};

const planOf = (number: number): readonly Said[] => answersTo(String(number), PLAN);

const roundsOf = (proving: Proving): readonly Round[] => {
  const { transactions, broker, timeoutMs, unansweredMs } = proving;
  const restarted = async () => {
    await broker.kill();
    await broker.start();
  };
  const troubles = new Map<number, Strike>([
    [0.15, restarted],
    [0.35, (restart) => restart('gateway-1')],
    [0.55, (restart) => restart('gateway-2')],
    [0.75, (restart) => Promise.all([restarted(), restart('gateway-1')])],
  ]);
  const timers = new Map<number, Strike>([[0.5, (restart) => restart('projections')]]);
  const all = Array.from({ length: transactions }, (_, nth) => nth + 1);
  if (unansweredMs === undefined)
    return [{ numbers: all, timeoutMs, troubles: new Map([...troubles, ...timers]) }];
  const isInTime = (number: number) => isAnswered(planOf(number));
  const unanswered = all.filter((number) => !isInTime(number));
  return [
    { numbers: all.filter(isInTime), timeoutMs, troubles },
    { numbers: unanswered, timeoutMs: unansweredMs, troubles: timers },
  ];
};

/** Starts one after the other while all that can go wrong does, and lets them come to their end. */
const run = async (
  { numbers, timeoutMs, troubles }: Round,
  log: SwapsObserved,
  processes: ProofProcesses,
  start: (number: number) => Promise<void>,
  onProgress: Proving['onProgress'],
): Promise<void> => {
  const before = log.ended();
  const due = new Map(troubles);
  let trouble: Promise<unknown> = Promise.resolve();
  const restart = (name: Name) => processes.restart(name, timeoutMs);

  for (let nth = 0; nth < numbers.length; nth += STARTED_AT_ONCE) {
    const isRoom = () => nth - (log.ended() - before) <= MOST_OPEN;
    if (!isRoom()) await waitUntil('some come to an end', isRoom, timeoutMs + LONGEST_END_MS);
    await Promise.all(numbers.slice(nth, nth + STARTED_AT_ONCE).map(start));
    onProgress?.(before + Math.min(nth + STARTED_AT_ONCE, numbers.length), log.ended());
    for (const [share, strike] of due)
      if (nth >= numbers.length * share && due.delete(share))
        trouble = trouble.then(() => strike(restart));
  }
  await trouble;
  const isOver = () => log.ended() - before === numbers.length;
  await waitUntil('all have an end', isOver, LONGEST_END_MS).catch(() => undefined);
};

const judgements = (
  transactions: number,
  log: SwapsObserved,
  sent: ReturnType<typeof aWitness>['sent'],
): Omit<Proof, 'counted'> => {
  const found: Record<Judgement, number[]> = {
    ...{ right: [], wrong: [], overdue: [], lost: [], open: [] },
  };
  const lateUnkept: number[] = [];
  const said = (number: number) => sent.get(number) ?? [];
  for (let number = 1; number <= transactions; number++) {
    const plan = planOf(number);
    found[judged(log.eventsOf(number), plan, said(number))].push(number);
    if (isLate(number) && !log.keptAsLate.has(number)) lateUnkept.push(number);
  }
  const story = (number: number) => storyOf(log.eventsOf(number), said(number));
  return { ...found, lateUnkept, story };
};

const isLate = (number: number): boolean =>
  planOf(number).some(({ afterMs }) => afterMs === Infinity);

/** What is late by plan is said, and comes, when all is over. */
const untilLateIsKept = async (transactions: number, log: SwapsObserved): Promise<void> => {
  const late = Array.from({ length: transactions }, (_, nth) => nth + 1).filter(isLate);
  const isKept = () => late.every((number) => log.keptAsLate.has(number));
  await waitUntil('what is late is kept', isKept, LONGEST_KEEPING_MS).catch(() => undefined);
};

/**
 * Starts transactions while the broker, both gateways and the timers are killed and come back, lets
 * all of them come to their end, and judges each by what its equipment says.
 */
export const prove = async (proving: Proving): Promise<Proof> => {
  const { transactions, broker, version, databaseUrl, eventStoreUrl, onProgress } = proving;
  const connection = connect(eventStoreUrl);
  const eventStore = eventStoreDb(connection, inMemoryKeys());
  const { start } = someSwaps(eventStore);
  const log = swapsObserved(eventStore);
  const witness = aWitness(broker.url, version, { ...PLAN, tooLate: log.whenOver });
  const processes = await proofProcesses({ mqttUrl: broker.url, databaseUrl, eventStoreUrl });
  const startOne = (number: number) => start(number, number % 2 ? 'text' : 'json');

  try {
    for (const round of roundsOf(proving)) {
      await processes.restartAll(round.timeoutMs);
      await run(round, log, processes, startOne, onProgress);
    }
    await untilLateIsKept(transactions, log);
    return { ...judgements(transactions, log, witness.sent), counted: log.counted };
  } finally {
    await witness.stop();
    await processes.stop();
    await log.stop();
    await connection.dispose();
  }
};
