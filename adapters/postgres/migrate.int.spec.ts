import { expect } from 'chai';
import { aDatabase } from '../../test/support/a-database.ts';
import { migrate } from './migrate.ts';
import { migrations, type Migration } from './schema.ts';

const tablesOf = `select table_schema || '.' || table_name as name
  from information_schema.tables where table_schema in ('public', 'vault') order by 1`;

describe('The schema', () => {
  const database = aDatabase();
  const tables = async () => {
    const { rows } = await database().raw<{ rows: { name: string }[] }>(tablesOf);
    return rows.map(({ name }) => name);
  };

  it('is made once by processes that start together', async () => {
    await Promise.all([1, 2, 3].map(() => migrate(database.url())));
    expect(await tables()).to.include.members([
      'public.projection',
      'public.intent',
      'vault.credentials',
      'vault.session',
      'vault.subject_keys',
    ]);
  });

  it('is not made twice', async () => {
    const before = await tables();
    await migrate(database.url());
    expect(await tables()).to.deep.equal(before);
  });

  it('is looked at no closer once all of it is there', async () => {
    await database().raw('alter table lastro_migrations rename to put_away');
    await migrate(database.url());
    expect(await tables()).to.not.include('public.lastro_migrations');
    await database().raw('alter table put_away rename to lastro_migrations');
  });

  it('goes on after a process that was killed in the middle of it', async () => {
    await database()('lastro_migrations_lock').update({ is_locked: 1 });
    const later: Migration = {
      name: 'later',
      up: async (db) => {
        await db.raw('create table later ()');
      },
    };
    await migrate(database.url(), [...migrations, later]);
    expect(await tables()).to.include('public.later');
  });
});
