import { expect } from 'chai';
import { aDatabase } from '../test/support/a-database.ts';
import { failure } from '#shared/testing/failure.ts';
import { columnsOf, copyRows } from './copy.ts';
import { createTable, rowsOf, writeRows, type Row, type Table } from './rows.ts';

const table: Table = {
  table: 'kept_view',
  key: 'id',
  columns: (columns) => {
    columns.text('id').primary();
    columns.text('text');
    columns.bigint('position');
    columns.decimal('amount', 12, 2);
    columns.boolean('is_open');
    columns.timestamp('at');
    columns.json('evidence');
    columns.jsonb('facts');
  },
};

const row = (id: string, rest: Row = {}): Row => ({
  ...{ id, text: null, position: null, amount: null, is_open: null, at: null },
  ...{ evidence: null, facts: null, ...rest },
});

const awkward: readonly Row[] = [
  row('empty'),
  row('plain', { text: 'Ação', position: '9007199254740993', amount: '10.50', is_open: false }),
  row('at', { at: new Date('2026-01-15T12:00:00.123Z') }),
  row('signs', { text: 'tab\tline\nreturn\rback\\slash \\N \\.' }),
  row('like null', { text: '\\N' }),
  row('nothing', { text: '' }),
  row('not storable', { text: 'nul\0 half\ud800' }),
  row('json', { evidence: { b: 'tab\t\\"', a: [1, null, 'x'] }, facts: { a: 'line\n' } }),
  row('json text', { evidence: 'only\ttext', facts: 'null' }),
  row('json not storable', { evidence: { text: 'nul\0' }, facts: ['half\udfff'] }),
  { id: 'left out' },
];

describe('Rows that are copied', function () {
  this.timeout(180_000);
  const db = aDatabase((knex) => knex.raw('create schema shadow'));
  const copied = async (rows: Iterable<Row>) => {
    const columns = await columnsOf(db(), table, 'shadow');
    await db().transaction((tx) => copyRows(tx, table, { place: 'shadow', columns }, rows));
  };
  const kept = async (place: 'public' | 'shadow') =>
    rowsOf(
      db(),
      table,
      awkward.map(({ id }) => String(id)),
      place,
    );

  beforeEach(async () => {
    for (const place of ['public', 'shadow'] as const) {
      await db().schema.withSchema(place).dropTableIfExists(table.table);
      await createTable(db(), table, place);
    }
  });

  it('are the same as those that are inserted, whatever is in them', async () => {
    await copied(awkward);
    await db().transaction((tx) => writeRows(tx, table, { rows: awkward, gone: [] }, 'public'));
    const [inserted, byCopy] = [await kept('public'), await kept('shadow')];
    expect(byCopy).to.have.length(awkward.length);
    expect(byCopy).to.deep.equal(inserted);
    const { rows } = await db().raw<{ rows: unknown[] }>(
      `select id from (select s.id, s::text as copied, p::text as inserted
         from shadow.kept_view s join public.kept_view p using (id)) as pairs
        where copied <> inserted`,
    );
    expect(rows).to.deep.equal([]);
  });

  it('travel in as many pieces as it takes', async () => {
    const rows = Array.from({ length: 2_000 }, (_, nth) =>
      row(String(nth), { text: 'x'.repeat(99) }),
    );
    await copied(rows);
    const [count] = await db()('shadow.kept_view').count('* as n');
    expect(count).to.deep.equal({ n: '2000' });
  });

  it('are there all or not at all, and the connection goes on', async () => {
    const twice = [row('one'), row('one')];
    expect(await failure(copied(twice)))
      .to.have.property('message')
      .that.includes('duplicate');
    const broken = [row('one'), row('two', { text: { no: 'text' } })];
    expect(await failure(copied(broken))).to.be.instanceOf(Error);
    expect(await kept('shadow')).to.deep.equal([]);
    await copied([row('empty')]);
    expect(await kept('shadow')).to.have.length(1);
  });
});
