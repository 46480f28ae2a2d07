import { expect } from 'chai';
import { forConsole } from './output.ts';

const line = (level: string, msg: string, more: object = {}) =>
  JSON.stringify({ level, time: '2026-01-15T12:00:00.000Z', process: 'worker', msg, ...more });

describe('The console', () => {
  let nowMs = 0;
  let shown: (line: string) => string | undefined;
  beforeEach(() => {
    nowMs = 0;
    shown = forConsole('worker', () => nowMs);
  });

  it('shows warnings and what is worse, and leaves the rest to the file', () => {
    for (const level of ['trace', 'debug', 'info'])
      expect(shown(line(level, 'x'))).to.equal(undefined);
    for (const level of ['warn', 'error', 'fatal'])
      expect(shown(line(level, 'is in trouble'))).to.match(/^worker {7}\[.*\] .*: is in trouble$/);
  });

  it('shows an error in one line, without its stack', () => {
    const err = { type: 'Error', message: 'ECONNREFUSED', stack: 'Error: x\n    at somewhere' };
    const text = shown(line('warn', 'in trouble', { err, projection: 'sales' }));
    expect(text).to.contain('in trouble: ECONNREFUSED').and.to.contain('"projection":"sales"');
    expect(text).to.not.contain('somewhere');
    expect(text?.split('\n').length).to.equal(1);
  });

  it('says the same once in ten seconds, and how often it was kept back', () => {
    expect(shown(line('warn', 'away', { projection: 'a' }))).to.contain('away');
    expect(shown(line('warn', 'away', { projection: 'b' }))).to.equal(undefined);
    nowMs = 9_999;
    expect(shown(line('warn', 'away'))).to.equal(undefined);
    expect(shown(line('warn', 'something else'))).to.contain('something else');
    nowMs = 10_000;
    expect(shown(line('warn', 'away')))
      .to.contain('away')
      .and.to.contain('(and 2 more like it)');
  });

  it('shows what is no log line as it is, but for what Node tells developers', () => {
    expect(shown('Segmentation fault')).to.equal('worker       Segmentation fault');
    expect(shown('null')).to.equal('worker       null');
    expect(shown('(node:600) DeprecationWarning: old')).to.equal(undefined);
    expect(shown('(Use `node --trace-warnings ...` to show where)')).to.equal(undefined);
    expect(shown('')).to.equal(undefined);
  });
});
