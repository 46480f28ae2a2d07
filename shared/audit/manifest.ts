import { createHash } from 'node:crypto';
import { reader } from '#shared/kernel/schema.ts';
import type { StoredEvent } from '#shared/kernel/stored-log.ts';
import { Type } from '#shared/kernel/type.ts';
import type { Static } from 'typebox';

const Position = Type.Union([Type.String({ pattern: '^\\d+$' }), Type.Null()]);

/** What an export says of itself, in its last line. */
export type Manifest = Static<typeof Manifest>;
const Manifest = Type.Object({
  /** What was asked for. Only an export of everything, as it is stored, can be held to the seals. */
  query: Type.Record(Type.String(), Type.Unknown()),
  /** Where its first and last rows stand in the log. */
  fromPosition: Position,
  toPosition: Position,
  rows: Type.Integer({ minimum: 0 }),
  /** Over all bytes before this line. */
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});
const read = reader(Type.Object({ manifest: Manifest }));

/** @throws {Unreadable | SyntaxError} when this is no manifest. */
export const manifestFrom = (line: string): Manifest => read(JSON.parse(line)).manifest;

/** Is told what is written, and says what the last line is. */
export const manifesting = (query: Manifest['query']) => {
  const hash = createHash('sha256');
  let rows = 0;
  let first: bigint | undefined;
  let last: bigint | undefined;
  const shown = (position: bigint | undefined) =>
    position === undefined ? null : String(position);

  return {
    add: (text: string, events: readonly Pick<StoredEvent, 'position'>[]): void => {
      hash.update(text);
      rows += events.length;
      first ??= events[0]?.position;
      last = events.at(-1)?.position ?? last;
    },
    rows: () => rows,
    line: (): string => {
      const [fromPosition, toPosition] = [shown(first), shown(last)];
      const manifest: Manifest = {
        ...{ query, fromPosition, toPosition, rows },
        sha256: hash.digest('hex'),
      };
      return JSON.stringify({ manifest });
    },
  };
};
