import { expect } from 'chai';
import knex from 'knex';
import { aDatabase } from '../../test/support/a-database.ts';
import { attemptsIn, attemptsSchema, MOST_FAILURES } from './attempts.ts';

describe('Attempts to sign in', () => {
  const db = aDatabase((empty) => attemptsSchema.up(empty));
  const attempts = () => attemptsIn(db());
  const take = async (login = 'ana') => (await attempts().take(login)).outcome;
  const takeAll = (times: number) => Promise.all(Array.from({ length: times }, () => take()));
  afterEach(() => db()('vault.sign_in_attempt').delete());

  it('are ten within a quarter of an hour', async () => {
    expect(new Set(await takeAll(MOST_FAILURES))).to.deep.equal(new Set(['taken']));
    const refused = await attempts().take('ana');
    expect(refused.outcome).to.equal('none left');
    expect(refused.resetsInMs).to.be.within(890_000, 900_000);
  });

  it('are counted when they are made at the same moment', async () => {
    const outcomes = await takeAll(3 * MOST_FAILURES);
    expect(outcomes.filter((outcome) => outcome === 'taken')).to.have.length(MOST_FAILURES);
  });

  it('are counted for each name apart', async () => {
    await takeAll(MOST_FAILURES + 1);
    expect(await take('bia')).to.equal('taken');
  });

  it('know the last one', async () => {
    await takeAll(MOST_FAILURES - 2);
    expect(await attempts().take('ana')).to.deep.include({ outcome: 'taken', last: false });
    expect(await attempts().take('ana')).to.deep.include({ outcome: 'taken', last: true });
  });

  it('that are given back can be made again', async () => {
    await takeAll(MOST_FAILURES);
    await attempts().giveBack('ana');
    expect(await take()).to.equal('taken');
    expect(await take()).to.equal('none left');
  });

  it('that are turned away do not count as failures', async () => {
    await takeAll(3 * MOST_FAILURES);
    await attempts().giveBack('ana');
    expect(await take()).to.equal('taken');
  });

  it('that succeed do not start the quarter of an hour', async () => {
    await take();
    await attempts().giveBack('ana');
    expect(await db()('vault.sign_in_attempt').pluck('key')).to.deep.equal([]);
  });

  it('are remembered by other processes, and after a restart', async () => {
    await takeAll(MOST_FAILURES);
    const another = knex({ client: 'pg', connection: db.url() });
    try {
      expect((await attemptsIn(another).take('ana')).outcome).to.equal('none left');
    } finally {
      await another.destroy();
    }
  });

  it('are forgotten when their time is over', async () => {
    await takeAll(MOST_FAILURES + 1);
    await db()('vault.sign_in_attempt').update({ expire: 1 });
    expect(await take()).to.equal('taken');
  });

  it('leave nothing behind when their time is over', async () => {
    await attempts().take('ana');
    await attempts().take('bia');
    await db()('vault.sign_in_attempt').where({ key: 'ana' }).update({ expire: 1 });
    await attempts().purge();
    expect(await db()('vault.sign_in_attempt').pluck('key')).to.deep.equal(['bia']);
  });
});
