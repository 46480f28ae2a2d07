import { expect } from 'chai';
import { databaseIsAway, tableIsMissing } from './database-away.ts';

const coded = (code: string) => Object.assign(new Error('an error'), { code });

describe('A database', () => {
  it('is away when it cannot be reached, is going, or takes no more callers', () => {
    const away = [
      ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND'].map(coded),
      ...['08006', '53300', '57P01'].map(coded),
      new Error('Connection terminated unexpectedly'),
      new Error('timeout expired'),
      Object.assign(new Error('acquiring'), { name: 'KnexTimeoutError' }),
      new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]),
    ];
    for (const error of away) expect(databaseIsAway(error), String(error)).to.equal(true);
  });

  it('is there when it refused what was asked', () => {
    const there = [coded('23505'), coded('22P02'), coded('42601'), new Error('bug'), 'text', null];
    for (const error of there) expect(databaseIsAway(error), String(error)).to.equal(false);
  });

  it('has no table of a view before that was made', () => {
    expect(tableIsMissing(coded('42P01'))).to.equal(true);
    for (const error of [coded('42703'), coded('ECONNREFUSED'), new Error('42P01'), '42P01', null])
      expect(tableIsMissing(error), String(error)).to.equal(false);
  });
});
