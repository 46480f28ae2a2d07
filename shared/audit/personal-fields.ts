import { unseal, type PersonalKeys } from '#shared/kernel/personal.ts';
import type { StoredEvent } from '#shared/kernel/stored-log.ts';
import { contractOf } from './vocabulary.ts';

type Fields = Readonly<Record<string, unknown>>;

const MASK = '***';

const fieldsOf = ({ data }: StoredEvent): Fields =>
  typeof data === 'object' && data !== null ? (data as Fields) : {};

const personalIn = (event: StoredEvent): readonly string[] => {
  const fields = fieldsOf(event);
  const names = contractOf(event.type)?.personalFields(event.type) ?? [];
  return names.filter((name) => typeof fields[name] === 'string');
};

const subjectOf = (event: StoredEvent): string => String(fieldsOf(event)['subjectId']);

const changed = (
  event: StoredEvent,
  change: (sealed: string, field: string) => string | null,
): StoredEvent => {
  const names = personalIn(event);
  if (names.length === 0) return event;
  const fields = fieldsOf(event);
  const clear = names.map((name) => [name, change(String(fields[name]), name)]);
  return { ...event, data: { ...fields, ...Object.fromEntries(clear) } as unknown };
};

/** With what is somebody’s in clear, and `null` where they were erased. */
export const opened = async (
  keys: Pick<PersonalKeys, 'find'>,
  events: readonly StoredEvent[],
): Promise<readonly StoredEvent[]> => {
  const people = new Set(events.filter((event) => personalIn(event).length > 0).map(subjectOf));
  const found = await keys.find([...people]);
  return events.map((event) => {
    const subjectId = subjectOf(event);
    const key = found.get(subjectId);
    return changed(event, (sealed, field) =>
      key ? unseal(sealed, key, { subjectId, field }) : null,
    );
  });
};

/** With a mask over what is somebody’s, whoever it is and whether or not they were erased. */
export const masked = (events: readonly StoredEvent[]): readonly StoredEvent[] =>
  events.map((event) => changed(event, () => MASK));
