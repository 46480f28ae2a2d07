import { expect } from 'chai';
import type { Day } from '#shared/kernel/calendar.ts';
import { Rejected } from './problem.ts';
import { allUnderstood, understoodAmount, understoodCpf, understoodPast } from './understood.ts';

const yesterday = '2026-01-14' as Day;
const today = '2026-01-15' as Day;
const tomorrow = '2026-01-16' as Day;

describe('What was sent', () => {
  it('is understood however it was written', () => {
    const values = allUnderstood({
      cpf: understoodCpf('153.509.460-56', '/cpf'),
      amount: understoodAmount('10.05', '/amount'),
      today: understoodPast(today, today, '/date'),
      yesterday: understoodPast(yesterday, today, '/date'),
      note: undefined,
    });
    expect(values).to.deep.equal({
      cpf: '15350946056',
      amount: 1005,
      today: '2026-01-15',
      yesterday: '2026-01-14',
      note: undefined,
    });
  });

  it('is refused for everything in it that is wrong, all at once', () => {
    const refused = () =>
      allUnderstood({
        cpf: understoodCpf('15350946057', '/cpf'),
        amount: understoodAmount('0.00', '/amount'),
        total: understoodAmount('1,00', '/total'),
        date: understoodPast(tomorrow, today, '/date'),
        fine: understoodAmount('0.01', '/fine'),
      });
    let problem: unknown;
    try {
      refused();
    } catch (error) {
      problem = error instanceof Rejected ? error.problem : error;
    }
    expect(problem).to.include({ code: 'invalid-request', status: 422 });
    const { errors } = problem as { errors: { pointer: string; code: string }[] };
    expect(errors.map(({ pointer, code }) => [pointer, code])).to.deep.equal([
      ['/cpf', 'cpf'],
      ['/amount', 'exclusive-minimum'],
      ['/total', 'amount'],
      ['/date', 'future'],
    ]);
  });
});
