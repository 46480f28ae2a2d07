import Table from 'cli-table3';
import type { Command } from 'commander';
import { StoreAway } from '#shared/kernel/event-store.ts';
import { noteLogHead } from '#shared/platform/log-head.ts';
import { projectionStatus, type ProjectionStatus } from '#shared/platform/projection-status.ts';
import { effectCounts } from '../query-api/effect/queries.ts';
import { projectionOf } from '../query-api/projection/routes.ts';
import { answer, carryOut, type Output } from './outcome.ts';
import { onTheSystem, type System } from './system.ts';

type Counts = Awaited<ReturnType<typeof effectCounts>>;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const drawn = new Table({ head: [...head], style: { head: [], border: [] } });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString();
};

const remark = ({ rebuild, lastError }: ProjectionStatus): string => {
  if (!rebuild) return lastError ?? '';
  const left = rebuild.etaSeconds === null ? '' : `, ${rebuild.etaSeconds} s left`;
  return `${rebuild.phase}, ${rebuild.processed} events, ${rebuild.perSecond}/s${left}`;
};

const lineOf = (one: ProjectionStatus): readonly string[] => {
  const { name, kind, position, lag, status, rows } = one;
  const behind = lag.positions === 0n ? '0' : `${lag.positions} (${lag.seconds} s)`;
  return [name, kind, status, String(position), behind, rows?.toString() ?? '', remark(one)];
};

const NONE_YET = 'No read model has ever run here: start everything with "lastro run".';

const inWords = (projections: readonly ProjectionStatus[], effects: Counts): string => {
  if (projections.length === 0) return NONE_YET;
  const head = ['name', 'kind', 'status', 'position', 'behind', 'rows', 'remark'];
  const counted = effects.map(({ kind, status, count }) => [kind, status, String(count)]);
  return [
    table(head, projections.map(lineOf)),
    counted.length === 0 ? 'No effects yet.' : table(['effect', 'status', 'count'], counted),
  ].join('\n');
};

/** Where the log ends right now. While it is away, what the projections noted last has to do. */
const noteEnd = async ({ db, eventStore }: System): Promise<void> => {
  try {
    await noteLogHead(db, await eventStore.end());
  } catch (error) {
    if (!(error instanceof StoreAway)) throw error;
    process.stderr.write(`lastro: ${error.message}; how far all is behind may be out of date\n`);
  }
};

const show = async (system: System, options: Output): Promise<void> => {
  await noteEnd(system);
  const projections = await projectionStatus(system.db);
  const effects = await effectCounts(system.db);
  const facts = { projections: projections.map(projectionOf), effects };
  answer(options, inWords(projections, effects), facts);
};

export const status = (program: Command, environment: NodeJS.ProcessEnv): void => {
  program
    .command('status')
    .description('how far the read models and reactions have got, and what effects are left')
    .option('--json', 'print JSON')
    .action((options: Output) =>
      carryOut(() => onTheSystem(environment, (system) => show(system, options))),
    );
};
