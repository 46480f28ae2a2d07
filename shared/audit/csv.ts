import papa from 'papaparse';
import type { ShownEvent } from './stored.ts';

const COLUMNS = [
  ...['position', 'stream', 'revision', 'id', 'type', 'at', 'actorId', 'actorRole'],
  ...['correlationId', 'causationId', 'data'],
];

const cellsOf = ({ actor, data, ...event }: ShownEvent) => [
  ...[event.position, event.stream, event.revision, event.id, event.type, event.at],
  ...[actor?.id, actor?.role, event.correlationId, event.causationId, JSON.stringify(data)],
];

/**
 * RFC 4180. What a spreadsheet would take for a formula has a quote put before it, so that opening
 * an export runs nothing that somebody managed to put on record.
 */
const written = (rows: readonly (readonly unknown[])[]): string =>
  rows.length === 0
    ? ''
    : `${papa.unparse([...rows] as unknown[][], { escapeFormulae: true, newline: '\r\n' })}\r\n`;

export const csvHead = written([COLUMNS]);
export const csvRows = (events: readonly ShownEvent[]): string => written(events.map(cellsOf));

export const ndjsonRows = (events: readonly object[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');
