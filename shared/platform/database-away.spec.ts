import { expect } from 'chai';
import { databaseIsAway } from './database-away.ts';

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
});
