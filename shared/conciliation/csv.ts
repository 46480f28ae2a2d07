import Papa from 'papaparse';
import type { Columns, plainReader } from './plain.ts';
import type { PlainRows } from './ports.ts';
import { BadHeader, LONGEST_RECORD, type RawRecord, type Records } from './records.ts';

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

/** A row that ends in CRLF has the CR in its last field. */
const withoutReturn = (row: readonly string[]): readonly string[] => {
  const last = row.at(-1);
  return last?.endsWith('\r') ? row.with(-1, last.slice(0, -1)) : row;
};

const newlinesIn = (row: readonly string[]): number =>
  row.reduce((sum, field) => sum + field.split('\n').length - 1, 0);

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

const rowOf = (line: number, text: string): Row => ({
  ...{ line, row: withoutReturn(text.split(',')), isBad: false },
});
type Row = { readonly line: number; readonly row: readonly string[]; readonly isBad: boolean };

/** Of whole lines without quotes: what a reader made of most of them, and the rest as they are. */
type ReadLines = (text: string, line: number) => { rows: Row[]; lines: number };

const eachLine: ReadLines = (text, first) => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const rows = lines.map((one, nth) => rowOf(first + nth, one));
  return { rows, lines: lines.length };
};

/** Whole records out of a text that comes in pieces, each with the line that it begins in. */
const rowsIn = (readLines: () => ReadLines) => {
  let rest = '';
  let line = 1;

  const good = (row: readonly string[]): Row => {
    const begins = line;
    line += 1 + newlinesIn(row);
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
        rows.push(good(row));
        rest = rest.slice(meta.cursor);
      }
    }
  };
  const take = (isLast: boolean): Row[] => {
    if (!rest.includes(QUOTE)) {
      const end = isLast ? rest.length : rest.lastIndexOf('\n') + 1;
      const whole = rest.slice(0, end);
      rest = rest.slice(end);
      const { rows, lines } = readLines()(whole, line);
      line += lines;
      return rows;
    }
    const { data, errors, meta } = parse(rest, isLast);
    if (errors.length > 0) return oneByOne(isLast);
    rest = isLast ? '' : rest.slice(meta.cursor);
    return data.map(good);
  };

  return (text: string, isLast: boolean): Row[] => {
    rest += text;
    const rows = rest === '' ? [] : take(isLast);
    while (rest.length > LONGEST_RECORD) rows.push(bad(), ...(rest === '' ? [] : take(false)));
    return rows;
  };
};

const isBlank = (row: readonly string[]) => row.length === 1 && row[0]?.trim() === '';

/** Keeps what a reader of plain rows made of lines, for whoever takes it away with the others. */
const plainly = (read: ReturnType<typeof plainReader>) => {
  let kept: PlainRows[] = [];
  const readLines: ReadLines = (text, line) => {
    const { rows, others, lines } = read(text, line);
    if (rows.count > 0) kept.push(rows);
    return { rows: others.map((other) => rowOf(other.line, other.text)), lines };
  };
  const take = (): readonly PlainRows[] => {
    const taken = kept;
    kept = [];
    return taken;
  };
  return { readLines, take };
};

/**
 * The records of a CSV, in whatever order its columns are. CRLF, quoted fields and empty lines are
 * fine, and so are columns that nobody asked for. Where there is a reader of plain rows, it has what
 * is plain.
 * @throws {BadHeader}
 */
export const csvRecords = async function* (
  texts: AsyncIterable<string>,
  wanted: readonly string[],
  needed: readonly string[],
  reader?: typeof plainReader,
): AsyncGenerator<Records> {
  let columns: Columns | undefined;
  let plain: ReturnType<typeof plainly> | undefined;
  const next = rowsIn(() => plain?.readLines ?? eachLine);

  const recordOf = ({ line, row, isBad }: Row, { places, width }: Columns): RawRecord => {
    if (isBad) return { line, fields: 'malformed' };
    if (row.length !== width) return { line, fields: 'columns' };
    return { line, fields: places.map((place) => row[place]) };
  };
  const recordsOf = (text: string, isLast: boolean): Records => {
    const records: RawRecord[] = [];
    for (const row of next(text, isLast)) {
      if (!row.isBad && isBlank(row.row)) continue;
      if (columns) {
        records.push(recordOf(row, columns));
        continue;
      }
      if (row.isBad) throw new BadHeader('The header cannot be read');
      columns = columnsOf(row.row, wanted, needed);
      plain = reader && plainly(reader(columns));
    }
    return { records, plain: plain?.take() ?? [] };
  };

  for await (const text of texts) yield recordsOf(text, false);
  yield recordsOf('', true);
  if (!columns) throw new BadHeader('There is no header');
};
