import { SEALS } from '#shared/audit/events.ts';
import { isSeal, type Seal } from '#shared/audit/stored.ts';
import {
  readableSeal,
  verifying,
  type CheckedSeal,
  type Verified,
} from '#shared/audit/verifying.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { StoredLog } from '#shared/kernel/stored-log.ts';
import { verifyExport } from './audit-file.ts';
import { onTheLog } from './audit-log.ts';
import { answer, EXIT_DIFFERENCES, type Output } from './outcome.ts';
import { telling } from './telling.ts';

export type Verifying = Output & { readonly file?: string };

const chainIn = async (log: StoredLog, tell: (flaw: string) => void): Promise<Seal[]> => {
  const chain: Seal[] = [];
  for (let place = BEGINNING; ;) {
    const { events, upTo, more } = await log.streamPage(SEALS, place);
    for (const event of events.filter(isSeal)) {
      const seal = readableSeal(event, tell);
      if (seal) chain.push(seal);
    }
    if (!more) return chain;
    place = upTo;
  }
};

const verifyLog = async (log: StoredLog, output: Output): Promise<Verified> => {
  const untold: string[] = [];
  const end = await log.end();
  const chain = await chainIn(log, (flaw) => untold.push(flaw));
  const verification = verifying(chain.filter(({ position }) => position <= end));
  for (const flaw of untold) verification.tell(flaw);
  const progress = telling('verified', output);
  for (let place = BEGINNING; place < end;) {
    const { events, upTo, more } = await log.page(place);
    for (const event of events) if (event.position <= end) verification.add(event);
    progress.add(events.length);
    if (!more) break;
    place = upTo;
  }
  progress.end();
  return verification.close();
};

const holds = ({ flaws }: CheckedSeal) => flaws.length === 0;

export const isWhole = ({ seals, flaws }: Verified): boolean =>
  flaws.length === 0 && seals.every(holds);

const inWords = (verified: Verified): string => {
  const { seals, flaws, sealed, unsealed } = verified;
  const broken = seals.filter((seal) => !holds(seal));
  const last = seals.at(-1);
  return [
    ...broken.map(
      ({ id, revision, from, to, flaws: found }) =>
        `SEAL ${revision} (${id}, behind ${from ?? 'nothing'} up to ${to}) DOES NOT HOLD:\n` +
        found.map((flaw) => `  ${flaw}`).join('\n'),
    ),
    ...flaws.map((flaw) => `NOT IN ORDER: ${flaw}`),
    `${seals.length - broken.length} of ${seals.length} seals hold, over ${sealed} events; ${unsealed} events since are not sealed yet.`,
    ...(last ? [`The last root is ${last.root}: keep it where nobody else can change it.`] : []),
  ].join('\n');
};

const factsOf = (verified: Verified) => {
  const { seals, flaws, sealed, unsealed } = verified;
  return {
    holds: isWhole(verified),
    seals: seals.map((seal) => {
      const { id, from, to, events, root, flaws: found } = seal;
      return { ...{ id, from, to, events, root }, holds: holds(seal), flaws: found };
    }),
    ...{ flaws, sealed, unsealed },
  };
};

export const verify = async (environment: NodeJS.ProcessEnv, options: Verifying): Promise<void> => {
  const { file } = options;
  const verified =
    file === undefined
      ? await onTheLog(environment, (log) => verifyLog(log, options))
      : await verifyExport(file, options);
  answer(options, inWords(verified), factsOf(verified));
  if (!isWhole(verified)) process.exitCode = EXIT_DIFFERENCES;
};
