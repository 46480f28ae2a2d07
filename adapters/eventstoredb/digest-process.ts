import { setTimeout as pause } from 'node:timers/promises';
import { digestOf } from '#shared/audit/digest.ts';
import { StoreAway } from '#shared/kernel/event-store.ts';
import { connect } from './connection.ts';
import type { Said, Task } from './digesting.ts';
import { paging } from './patience.ts';
import { storedLog } from './stored-log.ts';

/**
 * For each millisecond that a page takes, so many in which the store and the processors are left to
 * others: reading at full speed would slow those who append, at however low a priority it is done.
 */
const REST = 2;

const rest = (tookMs: number) => pause(tookMs * REST);

const saidOf = async ({ url, ...stretch }: Task): Promise<Said> => {
  const connection = connect(url, { streams: { reads: 2, subscriptions: 1 } });
  try {
    const digest = await digestOf(storedLog(connection, paging), stretch, rest);
    return { outcome: 'digested', digest };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { outcome: error instanceof StoreAway ? 'away' : 'failed', why };
  } finally {
    await connection.dispose();
  }
};

// Nobody is there any more to be told.
process.once('disconnect', () => process.exit());

process.once('message', (task: Task) => {
  void saidOf(task).then((said) => {
    process.send?.(said);
  });
});
