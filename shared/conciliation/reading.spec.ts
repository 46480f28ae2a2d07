import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Source } from './categories.ts';
import { reading, rowsOf, type Format, type StatementRow } from './reading.ts';
import { BadHeader, LONGEST_RECORD } from './records.ts';

const HEADER = 'id,document,cashback,createdAt\n';
const ROW = '77,52998224725,14.00,2026-01-02T12:00:00Z';

/** In pieces of so many bytes, as a network cuts them: through the middle of a character too. */
const read = async (
  text: string,
  {
    source = 'cashback-api',
    format = 'text/csv',
    cut = 7,
  }: { readonly source?: Source; readonly format?: Format; readonly cut?: number } = {},
) => {
  const bytes = Buffer.from(text);
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += cut)
      yield await Promise.resolve(bytes.subarray(at, at + cut));
  };
  const found = reading(pieces(), source, format);
  const rows: StatementRow[] = [];
  for await (const batch of found.batches) rows.push(...rowsOf(batch));
  return { list: rows, ...found.read() };
};
const one = { id: '77', document: '52998224725', amountInCents: 1_400, at: '2026-01-02T12:00:00Z' };
const listOf = async (text: string, options = {}) => (await read(text, options)).list;
const refusal = async (text: string) => {
  const error: unknown = await read(text).catch((thrown: unknown) => thrown);
  expect(error).to.be.instanceOf(BadHeader);
  return (error as BadHeader).message;
};

describe('A statement', () => {
  it('is read the same however it is cut, with a BOM, CRLF, quotes and columns in any order', async () => {
    const written = [
      `${HEADER}${ROW}\n`,
      `${HEADER}${ROW}`,
      `\uFEFF${HEADER}${ROW}\n`,
      `${HEADER}${ROW}\n`.replaceAll('\n', '\r\n'),
      `"id","document","cashback","createdAt"\r\n"77","529.982.247-25","14.00","2026-01-02T12:00:00Z"\r\n`,
      'createdAt, cashback ,id,document\n2026-01-02T12:00:00Z,14,77, 52998224725 \n',
      `${HEADER.trim()},note\n${ROW},"a ""note"", and more"\n`,
    ];
    for (const text of written)
      for (const cut of [1, 7, 10_000])
        expect(await listOf(text, { cut }), text).to.deep.equal([{ line: 2, row: one }]);
  });

  it('says the SHA-256 of its bytes, how many rows there are, and how many cannot be read', async () => {
    const text = 'id,document,cashback,createdAt\nx\n';
    const { sha256, rows, unreadable } = await read(text);
    expect({ rows, unreadable }).to.deep.equal({ rows: 1, unreadable: 1 });
    expect(sha256).to.equal(createHash('sha256').update(text).digest('hex'));
  });

  it('goes on after a row that cannot be read, and says why it cannot', async () => {
    const text = [
      HEADER.trim(),
      ROW,
      '77,52998224724,14.00,x',
      '77,52998224725,14.001,x',
      '77,52998224725,-14.00,x',
      '77,52998224725,14.00',
      '',
      '7"7,"52998224725"x,14.00,x',
      `${'7'.repeat(201)},52998224725,14.00,x`,
      `"a\nb",52998224725,14.00,x`,
      ROW,
    ].join('\n');
    const rows = await listOf(text);
    expect(
      rows.map(({ line, row }) => [line, typeof row === 'string' ? row : 'read']),
    ).to.deep.equal([
      [2, 'read'],
      [3, 'document'],
      [4, 'amount'],
      [5, 'amount'],
      [6, 'columns'],
      [8, 'malformed'],
      [9, 'id'],
      [10, 'id'],
      [12, 'read'],
    ]);
  });

  it('has no id where its writer has none to give', async () => {
    const rows = await listOf(`${HEADER}NaN,52998224725,14.00,\n,52998224725,14.00,\n`);
    expect(rows.map(({ row }) => typeof row !== 'string' && row.id)).to.deep.equal([
      undefined,
      undefined,
    ]);
  });

  it('has an ERP’s times as its clock showed them, whichever way they were written', async () => {
    const times = [
      '2026-01-02 00:00:00',
      '2026-01-02T00:00:00',
      '2026-01-02T03:00:00Z',
      '2026-01-02T00:00:00-03:00',
      '2026-02-30 00:00:00',
      '2026-01-02',
    ];
    const lines = times.map((time) => `52998224725,${time},100.00`);
    const rows = await listOf(['document,sold_at,total', ...lines].join('\n'), { source: 'erp' });
    const shown = '2026-01-02 00:00:00';
    expect(rows.map(({ row }) => (typeof row === 'string' ? row : row.at))).to.deep.equal([
      ...[shown, shown, shown, shown],
      ...['sold-at', 'sold-at'],
    ]);
  });

  it('may be NDJSON, of the same names', async () => {
    const lines = [
      '{"document":"529.982.247-25","id":77,"cashback":14,"createdAt":"2026-01-02T12:00:00Z"}',
      '',
      '{"id":null,"document":"52998224725","cashback":"14.00"}',
      'nothing',
      '[]',
    ];
    for (const cut of [1, 10_000]) {
      const options = { format: 'application/x-ndjson', cut };
      expect(await listOf(lines.join('\r\n'), options)).to.deep.equal([
        { line: 1, row: one },
        { line: 3, row: { ...one, id: undefined, at: '' } },
        { line: 4, row: 'malformed' },
        { line: 5, row: 'malformed' },
      ]);
    }
  });

  it('is refused when its header cannot be read', async () => {
    expect(await refusal('')).to.equal('There is no header');
    expect(await refusal('id;document;cashback;createdAt\n')).to.match(/has no id, document/);
    expect(await refusal('id,document,createdAt\n')).to.equal('The header has no cashback');
    expect(await refusal('id,id,document,cashback,createdAt\n')).to.match(/id more than once/);
    expect(await refusal(`${ROW}\n`)).to.match(/has no id/);
  });

  it('does not take all of the rest for one row where a quote is never closed', async () => {
    const rows = await listOf(`${HEADER}"77,x\n${`${ROW}\n`.repeat(2_000)}`, { cut: 10_000 });
    expect(rows).to.have.length(2_001);
    expect(rows[0]).to.deep.equal({ line: 2, row: 'malformed' });
    expect(rows.at(-1)).to.deep.equal({ line: 2_002, row: one });
    const long = `{"id":"${'7'.repeat(2 * LONGEST_RECORD)}"}\n{"document":"52998224725","cashback":"1"}\n`;
    const lines = await listOf(long, { format: 'application/x-ndjson', cut: 10_000 });
    expect(lines.map(({ line, row }) => [line, typeof row])).to.deep.equal([
      [1, 'string'],
      [2, 'object'],
    ]);
  });

  it('is read the same plainly as with everything in quotes, whatever is in it', async () => {
    const field = (...values: readonly string[]) => fc.constantFrom(...values);
    const row = fc.tuple(
      field('77', '', 'NaN', ' 7', 'a\\b', 'é', 'p-1', '7'.repeat(201), 'x\u007F'),
      field(
        '52998224725',
        '529.982.247-25',
        '52998224724',
        '5299822472',
        '00000000000',
        '08948135015',
      ),
      field(
        '14.00',
        '14',
        '0.5',
        '00.50',
        '-1.00',
        '1e3.00',
        '9999999999.99',
        '10000000000.00',
        '',
      ),
      field('2026-01-02T12:00:00Z', '', ' x', 'y'.repeat(41), 'a\tb'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), fc.boolean(), async (rows, isDos) => {
        const written = (quote: string) =>
          [HEADER.trim(), ...rows.map((one) => one.map((is) => quote + is + quote).join(','))].join(
            isDos ? '\r\n' : '\n',
          );
        const plain = await listOf(written(''), { cut: HEADER.length });
        expect(plain).to.deep.equal(await listOf(written('"'), { cut: 1_000_000 }));
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});
