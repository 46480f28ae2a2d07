import { expect } from 'chai';
import type { Log } from './log.ts';
import { regularly } from './regularly.ts';

/** Does as it is told, turn by turn, and stops after the last one. */
const turns = async (...outcomes: readonly ('works' | 'fails')[]) => {
  const stopping = new AbortController();
  const warnings: unknown[] = [];
  const log = { warn: (line: unknown) => warnings.push(line) } as unknown as Log;
  let turn = 0;
  const work = () => {
    const outcome = outcomes[turn++];
    if (turn === outcomes.length) stopping.abort();
    return outcome === 'works' ? Promise.resolve() : Promise.reject(new Error('no'));
  };
  await regularly('a thing', 0, work, { log, signal: stopping.signal });
  return { turns: turn, warnings: warnings.length };
};

describe('What is done regularly', () => {
  it('is done again and again, until it is told to stop', async () => {
    expect(await turns('works', 'works', 'works')).to.deep.equal({ turns: 3, warnings: 0 });
  });

  it('goes on after a failure', async () => {
    expect(await turns('fails', 'works')).to.deep.equal({ turns: 2, warnings: 1 });
  });

  it('says once that it fails, and once more when it fails anew', async () => {
    const outcome = await turns('fails', 'fails', 'fails', 'works', 'fails');
    expect(outcome).to.deep.equal({ turns: 5, warnings: 2 });
  });

  it('does not wait for its rest to be over when it is told to stop', async () => {
    const stopping = new AbortController();
    const log = {} as Log;
    const work = () => {
      setImmediate(() => {
        stopping.abort();
      });
      return Promise.resolve();
    };
    await regularly('a thing', 3_600_000, work, { log, signal: stopping.signal });
    expect(stopping.signal.aborted).to.equal(true);
  });
});
