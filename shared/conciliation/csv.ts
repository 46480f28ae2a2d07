import Papa from 'papaparse';
import { BadHeader, LONGEST_RECORD, type RawRecord } from './records.ts';

const QUOTE = '"';

type Parsed = {
  readonly data: readonly (readonly string[])[];
  readonly errors: readonly { readonly row?: number }[];
  readonly meta: { readonly cursor: number };
};

/** As far as whole records go; `cursor` is where the first one begins that is not whole. */
const parse = (text: string, isLast: boolean, most = 0): Parsed =>
  new Papa.Parser({ delimiter: ',', newline: '\n', quoteChar: QUOTE, preview: most }).parse(
    text,
    0,
    !isLast,
  ) as Parsed;

/** Without quotes a line is a record, and a comma parts two fields: most of all that there is. */
const plainRows = (text: string): readonly (readonly string[])[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.split(','));
};

/** A row that ends in CRLF has the CR in its last field. */
const withoutReturn = (row: readonly string[]): readonly string[] => {
  const last = row.at(-1);
  return last?.endsWith('\r') ? row.with(-1, last.slice(0, -1)) : row;
};

const newlinesIn = (row: readonly string[]): number =>
  row.reduce((sum, field) => sum + field.split('\n').length - 1, 0);

type Columns = { readonly places: readonly number[]; readonly width: number };

const columnsOf = (
  header: readonly string[],
  wanted: readonly string[],
  needed: readonly string[],
): Columns => {
  const names = header.map((name) => name.trim());
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new BadHeader(`The header has no ${missing.join(', ')}`);
  const twice = wanted.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice !== undefined) throw new BadHeader(`The header has ${twice} more than once`);
  return { places: wanted.map((name) => names.indexOf(name)), width: names.length };
};

type Row = { readonly line: number; readonly row: readonly string[]; readonly isBad: boolean };

/** Whole records out of a text that comes in pieces, each with the line that it begins in. */
const rowsIn = () => {
  let rest = '';
  let line = 1;

  const good = (row: readonly string[], isQuoted: boolean): Row => {
    const begins = line;
    line += 1 + (isQuoted ? newlinesIn(row) : 0);
    return { line: begins, row: withoutReturn(row), isBad: false };
  };
  /** Of what makes no sense no more than a line is given up. */
  const bad = (): Row => {
    const end = rest.indexOf('\n');
    rest = end < 0 ? '' : rest.slice(end + 1);
    return { line: line++, row: [''], isBad: true };
  };
  /** A quote in the wrong place would take the rows behind it along. */
  const oneByOne = (isLast: boolean): Row[] => {
    const rows: Row[] = [];
    for (;;) {
      const { data, errors, meta } = parse(rest, isLast, 1);
      const [row] = data;
      if (row === undefined || rest === '') return rows;
      if (errors.length > 0) rows.push(bad());
      else {
        rows.push(good(row, true));
        rest = rest.slice(meta.cursor);
      }
    }
  };
  const take = (isLast: boolean): Row[] => {
    if (!rest.includes(QUOTE)) {
      const end = isLast ? rest.length : rest.lastIndexOf('\n') + 1;
      const whole = rest.slice(0, end);
      rest = rest.slice(end);
      return plainRows(whole).map((row) => good(row, false));
    }
    const { data, errors, meta } = parse(rest, isLast);
    if (errors.length > 0) return oneByOne(isLast);
    rest = isLast ? '' : rest.slice(meta.cursor);
    return data.map((row) => good(row, true));
  };

  return (text: string, isLast: boolean): Row[] => {
    rest += text;
    const rows = rest === '' ? [] : take(isLast);
    while (rest.length > LONGEST_RECORD) rows.push(bad(), ...(rest === '' ? [] : take(false)));
    return rows;
  };
};

const isBlank = (row: readonly string[]) => row.length === 1 && row[0]?.trim() === '';

/**
 * The records of a CSV, in whatever order its columns are. CRLF, quoted fields and empty lines are
 * fine, and so are columns that nobody asked for.
 * @throws {BadHeader}
 */
export const csvRecords = async function* (
  texts: AsyncIterable<string>,
  wanted: readonly string[],
  needed: readonly string[],
): AsyncGenerator<RawRecord[]> {
  const next = rowsIn();
  let columns: Columns | undefined;

  const recordsOf = (text: string, isLast: boolean): RawRecord[] => {
    const records: RawRecord[] = [];
    for (const { line, row, isBad } of next(text, isLast)) {
      if (!isBad && isBlank(row)) continue;
      if (!columns) {
        if (isBad) throw new BadHeader('The header cannot be read');
        columns = columnsOf(row, wanted, needed);
        continue;
      }
      const { places, width } = columns;
      if (isBad) records.push({ line, fields: 'malformed' });
      else if (row.length !== width) records.push({ line, fields: 'columns' });
      else records.push({ line, fields: places.map((place) => row[place]) });
    }
    return records;
  };

  for await (const text of texts) yield recordsOf(text, false);
  yield recordsOf('', true);
  if (!columns) throw new BadHeader('There is no header');
};
