import { LONGEST_RECORD, type RawRecord, type Records } from './records.ts';

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
};

const fieldsOf = (text: string, wanted: readonly string[]): RawRecord['fields'] => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'malformed';
    const fields = value as Readonly<Record<string, unknown>>;
    return wanted.map((name) => (Object.hasOwn(fields, name) ? textOf(fields[name]) : undefined));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return 'malformed';
  }
};

/** The records of an NDJSON: an object a line. Empty lines are none. */
export const ndjsonRecords = async function* (
  texts: AsyncIterable<string>,
  wanted: readonly string[],
): AsyncGenerator<Records> {
  let rest = '';
  let line = 0;
  let isTooLong = false;

  const recordsOf = (lines: readonly string[]): RawRecord[] =>
    lines.flatMap((text) => {
      line += 1;
      const cutOff = isTooLong;
      isTooLong = false;
      if (cutOff || text.length > LONGEST_RECORD) return [{ line, fields: 'malformed' }];
      return text.trim() === '' ? [] : [{ line, fields: fieldsOf(text, wanted) }];
    });

  for await (const text of texts) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    yield { records: recordsOf(lines), plain: [] };
    isTooLong ||= rest.length > LONGEST_RECORD;
    if (isTooLong) rest = '';
  }
  if (rest !== '' || isTooLong) yield { records: recordsOf([rest]), plain: [] };
};
