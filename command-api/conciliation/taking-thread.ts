import { on } from 'node:events';
import { parentPort } from 'node:worker_threads';
import type { KeptRows } from '#shared/conciliation/ports.ts';
import { BadHeader } from '#shared/conciliation/records.ts';
import { takingHere } from './taking.ts';
import type { Said, Told } from './thread-messages.ts';

// A thread that reads statements, one after the other, as long as somebody sends it any.

if (!parentPort) throw new Error('This is not a thread');
const port = parentPort;
const say = (said: Said, moved: readonly ArrayBuffer[] = []): void => {
  port.postMessage(said, moved);
};

/** Columns are moved, for nobody here needs them any more; what is shared is shared. */
const columnsOf = ({ plain }: KeptRows): ArrayBuffer[] =>
  plain.flatMap(({ line, cents, idFrom, idTo, atFrom, atTo, person, again }) =>
    [line, cents, idFrom, idTo, atFrom, atTo, person, again].map(
      ({ buffer }) => buffer as ArrayBuffer,
    ),
  );

const piecesFrom = async function* (told: AsyncIterator<readonly [Told]>) {
  for (;;) {
    const next = await told.next();
    if (next.done === true) return;
    const [message] = next.value;
    if (!('piece' in message)) return;
    yield message.piece;
    say({ isDone: true });
  }
};

const told = on(port, 'message') as AsyncIterator<readonly [Told]>;
for (let next = await told.next(); next.done !== true; next = await told.next()) {
  const [message] = next.value;
  // Of a statement that was given up, what was on its way.
  if (!('begin' in message)) continue;
  const { key, hashKey, ...about } = message.begin;
  const take = takingHere(Buffer.from(hashKey));
  try {
    const { rows, read } = take({ ...about, key: Buffer.from(key), bytes: piecesFrom(told) });
    for await (const some of rows) say({ rows: some }, columnsOf(some));
    say({ read: read() });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    say({ failure: { message: said, isBadHeader: error instanceof BadHeader } });
  }
}
