import { expect } from 'chai';
import knex from 'knex';
import { aDatabase } from './a-database.ts';

describe('A database for specs', () => {
  const one = aDatabase((db) =>
    db.schema.createTable('thing', (table) => {
      table.text('name');
    }),
  );
  const other = aDatabase();

  it('is prepared before the first spec runs', async () => {
    await one()('thing').insert({ name: 'a' });
    expect(await one()('thing').pluck('name')).to.deep.equal(['a']);
  });

  it('has nothing in common with the next one', async () => {
    expect(await other().schema.hasTable('thing')).to.equal(false);
  });

  it('can be reached by its address', async () => {
    const db = knex({ client: 'pg', connection: one.url() });
    const { rows } = await db.raw<{ rows: object[] }>('select current_database() as name');
    await db.destroy();
    expect(one.url().endsWith((rows as { name: string }[])[0]?.name ?? '?')).to.equal(true);
  });
});
