import { expect } from 'chai';
import type { Knex } from 'knex';
import { failure } from '#shared/testing/failure.ts';
import { aDatabase } from '../../test/support/a-database.ts';
import { connectionPool, database, type DatabaseOptions } from './database.ts';

describe('A connection to Postgres', () => {
  const empty = aDatabase();
  const opened: Knex[] = [];
  const open = (options: Partial<DatabaseOptions> = {}) => {
    const db = database(empty.url(), { name: 'spec', connections: 2, ...options });
    opened.push(db);
    return db;
  };
  const shown = async (db: Knex, setting: string) => {
    const { rows } = await db.raw<{ rows: Record<string, string>[] }>(`show ${setting}`);
    return rows[0]?.[setting];
  };

  after(async () => {
    for (const db of opened) await db.destroy();
  });

  it('says who it is, and has the settings it was given', async () => {
    const session = { work_mem: '7MB', search_path: 'shadow, public' };
    const db = open({ session });
    expect(await shown(db, 'application_name')).to.equal('lastro spec');
    expect(await shown(db, 'work_mem')).to.equal('7MB');
    expect(await shown(db, 'search_path')).to.equal('shadow, public');
    expect(await shown(open(), 'work_mem')).not.to.equal('7MB');
  });

  it('ends a statement that takes too long', async () => {
    const slow = open({ statementMs: 50 }).raw<unknown>('select pg_sleep(10)');
    expect(await failure(Promise.resolve(slow))).to.have.property('code', '57014');
  });

  it('gives days as they are, in whatever time zone', async () => {
    const { rows } = await open().raw<{ rows: object[] }>(`select date '2026-01-31' as day`);
    expect(rows).to.deep.equal([{ day: '2026-01-31' }]);
  });

  it('may break while nobody uses it, and is made again', async () => {
    const troubles: unknown[] = [];
    const pool = connectionPool(empty.url(), { name: 'breaks', connections: 1 }, (error) =>
      troubles.push(error),
    );
    await pool.query('select 1');
    await open().raw(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lastro breaks'`,
    );
    const ask = () => pool.query<{ one: number }>('select 1 as one');
    const { rows } = await ask().catch(ask);
    expect(rows).to.deep.equal([{ one: 1 }]);
    await pool.end();
  });
});
