import { csvText } from '#shared/platform/csv.ts';
import type { ShownEvent } from './stored.ts';

const COLUMNS = [
  ...['position', 'stream', 'revision', 'id', 'type', 'at', 'actorId', 'actorRole'],
  ...['correlationId', 'causationId', 'data'],
];

const cellsOf = ({ actor, data, ...event }: ShownEvent) => [
  ...[event.position, event.stream, event.revision, event.id, event.type, event.at],
  ...[actor?.id, actor?.role, event.correlationId, event.causationId, JSON.stringify(data)],
];

export const csvHead = csvText([COLUMNS]);
export const csvRows = (events: readonly ShownEvent[]): string => csvText(events.map(cellsOf));

export const ndjsonRows = (events: readonly object[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');
