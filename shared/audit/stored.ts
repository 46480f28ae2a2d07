import type { Static } from 'typebox';
import type { Actor } from '#shared/kernel/message.ts';
import { reader } from '#shared/kernel/schema.ts';
import type { StoredEvent } from '#shared/kernel/stored-log.ts';
import { Type } from '#shared/kernel/type.ts';
import { SEALS, sealEvents, type SealEvent } from './events.ts';

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};
const textOr = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const actorFrom = (value: unknown): Actor | null => {
  const { id, role } = fieldsOf(value);
  return typeof id === 'string' && typeof role === 'string' ? { id, role } : null;
};

/** When, by whom and because of what; `null` where whoever wrote it did not say. */
export const circumstancesOf = ({ metadata }: Pick<StoredEvent, 'metadata'>) => {
  const { at, actor, $correlationId, $causationId } = fieldsOf(metadata);
  return {
    at: textOr(at),
    actor: actorFrom(actor),
    correlationId: textOr($correlationId),
    causationId: textOr($causationId),
  };
};

/** As an auditor is shown it, `data` as it is stored. */
export const shownEvent = (event: StoredEvent) => ({
  position: String(event.position),
  stream: event.stream,
  revision: String(event.revision),
  id: event.id,
  type: event.type,
  ...circumstancesOf(event),
  data: event.data,
});
export type ShownEvent = ReturnType<typeof shownEvent>;

/** A line of an export, and what a leaf is made of: nothing that is stored is missing. */
export const exportedEvent = (event: StoredEvent) => ({
  ...shownEvent(event),
  metadata: event.metadata,
});

const Position = Type.String({ pattern: '^(0|[1-9]\\d{0,18})$' });
const readLine = reader(
  Type.Object({
    position: Position,
    revision: Position,
    stream: Type.String(),
    id: Type.String(),
    type: Type.String(),
    data: Type.Unknown(),
    metadata: Type.Unknown(),
  }),
);

/** From a line of an export back to the event. @throws {Unreadable | SyntaxError} */
export const fromLine = (line: string): StoredEvent => {
  const { position, revision, stream, id, type, data, metadata } = readLine(JSON.parse(line));
  return {
    ...{ position: BigInt(position), revision: BigInt(revision) },
    ...{ stream, id, type, data, metadata },
  };
};

/** A seal as it is on record. */
export type Seal = SealEvent['data'] & {
  readonly id: string;
  readonly position: bigint;
  readonly revision: bigint;
  readonly at: string | null;
};

export const isSeal = ({ stream, type }: StoredEvent): boolean =>
  stream === SEALS && type === 'SealMade';

/** @throws {Unreadable} when it was tampered with so that it is none any more. */
export const sealFrom = (event: StoredEvent): Seal => {
  const { from, to, events, root, previous } = readSeal(event.data);
  const { id, position, revision } = event;
  return {
    ...{ id, position, revision, from, to, events, root, previous },
    at: circumstancesOf(event).at,
  };
};

const readSeal: (data: unknown) => Static<typeof sealEvents.schemas.SealMade> = reader(
  sealEvents.schemas.SealMade,
);
