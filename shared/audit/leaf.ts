import canonicalize from 'canonicalize';
import type { StoredEvent } from '#shared/kernel/stored-log.ts';
import { leafHash } from './tree.ts';

/** Half a character is no text, and has no canonical form: it counts as U+FFFD, as in UTF-8. */
const wellFormed = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name.toWellFormed(), wellFormed(part)]),
  );
};

const canonical = (value: object): string => {
  try {
    return canonicalize(value) ?? '';
  } catch {
    return canonicalize(wellFormed(value)) ?? '';
  }
};

/** What is sealed of an event: canonical JSON (RFC 8785) of all that is stored of it. */
export const leafText = (event: StoredEvent): string => {
  const { position, stream, revision, id, type, data, metadata } = event;
  return canonical({
    ...{ position: String(position), stream, revision: String(revision) },
    ...{ id, type, data, metadata },
  });
};

export const leafOf = (event: StoredEvent): Buffer => leafHash(leafText(event));
