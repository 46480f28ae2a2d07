import { expect } from 'chai';
import { csvText } from './csv.ts';

describe('Rows as CSV', () => {
  it('are lines that all end, with quotes where they are needed', () => {
    const rows = [
      ['name', 'note'],
      ['Ana "A" Souza', 'one, two'],
      [3, undefined],
    ];
    expect(csvText(rows)).to.equal('name,note\r\n"Ana ""A"" Souza","one, two"\r\n3,\r\n');
    expect(csvText([])).to.equal('');
  });

  it('run nothing in a spreadsheet', () => {
    for (const formula of ['=1+1', '+1', '@SUM(A1)', '\t=1', '-1+cmd|x', '-A1'])
      expect(csvText([[formula]]), formula).to.match(/^"?'/);
  });

  it('hold sums as they are', () => {
    for (const sum of ['-12.34', '-5', '0.00']) expect(csvText([[sum]])).to.equal(`${sum}\r\n`);
  });
});
