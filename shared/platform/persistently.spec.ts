import { expect } from 'chai';
import { logger } from './log.ts';
import { persistently } from './persistently.ts';

const started = () => {
  const lines: string[] = [];
  const stopping = new AbortController();
  const log = logger('spec', 'warn', { write: (line) => lines.push(line) });
  return { lines, stopping, until: { log, signal: stopping.signal } };
};

describe('What is tried persistently', () => {
  it('is tried until it works, and its failures are told', async () => {
    const { lines, until } = started();
    let left = 2;
    const work = () => {
      left -= 1;
      return left > 0 ? Promise.reject(new Error('away')) : Promise.resolve('done');
    };
    expect(await persistently('reaching it', work, until)).to.equal('done');
    expect(lines).to.have.lengthOf(1);
    expect(JSON.parse(lines[0] ?? '')).to.deep.include({
      ...{ level: 'warn', what: 'reaching it', msg: 'does not work yet; goes on trying' },
    });
  });

  it('ends with nothing as soon as it is told to stop, though it rests', async () => {
    const { lines, stopping, until } = started();
    const work = (): Promise<string> => {
      stopping.abort();
      return Promise.reject(new Error('away'));
    };
    const outcome = await persistently('reaching it', work, { ...until, firstRestMs: 60_000 });
    expect(outcome).to.equal(undefined);
    expect(lines).to.have.lengthOf(1);
  });

  it('is not begun when it was told to stop before', async () => {
    const { stopping, until } = started();
    stopping.abort();
    const work = (): Promise<string> => Promise.reject(new Error('begun'));
    const outcome = await persistently('reaching it', work, until);
    expect(outcome).to.equal(undefined);
  });
});
