import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { StoreAway } from '#shared/kernel/event-store.ts';
import { logger } from '../log.ts';
import {
  CHECKED_EVERY_MS,
  LONGEST_CHECK_MS,
  NotReady,
  readiness,
  viewsKeepUp,
  type Check,
  type Checks,
} from './health.ts';

const fine = () => Promise.resolve();
const never = () => new Promise<never>(() => undefined);
const failing = (error: Error) => () => Promise.reject(error);

const started = (checks: Checks, stopping?: AbortSignal) => {
  const lines: string[] = [];
  const log = logger('spec', 'error', { write: (line) => lines.push(line) });
  return { ready: readiness(checks, log, stopping), lines };
};

describe('A process', () => {
  it('is ready when everything is there that it needs', async () => {
    const { ready } = started({ database: fine, eventStore: fine });
    expect(await ready()).to.deep.equal({
      ready: true,
      checks: { database: 'ok', eventStore: 'ok' },
    });
  });

  it('is ready when it needs nothing', async () => {
    expect(await started({}).ready()).to.deep.equal({ ready: true, checks: {} });
  });

  it('says of each thing that is missing why it is', async () => {
    const refused = Object.assign(new Error('connect 10.0.0.7'), { code: 'ECONNREFUSED' });
    const { ready, lines } = started({
      database: failing(refused),
      eventStore: failing(new StoreAway('esdb://admin:changeit@10.0.0.7')),
      view: failing(new NotReady('is far behind')),
      mail: fine,
    });
    expect(await ready()).to.deep.equal({
      ready: false,
      checks: {
        ...{ database: 'cannot be reached', eventStore: 'cannot be reached' },
        ...{ view: 'is far behind', mail: 'ok' },
      },
    });
    expect(lines).to.deep.equal([]);
  });

  it('tells the log, and nobody else, what it did not expect', async () => {
    const { ready, lines } = started({ database: failing(new Error('password is hunter2')) });
    expect(await ready()).to.deep.equal({
      ready: false,
      checks: { database: 'failed; see the log' },
    });
    expect(lines.join()).to.include('hunter2');
  });

  it('does not wait for what hangs, and does not ask it twice', async () => {
    let asked = 0;
    const { ready } = started({
      hanging: () => {
        asked += 1;
        return never();
      },
    });
    const began = performance.now();
    const [first] = await Promise.all([ready(), pause(CHECKED_EVERY_MS + 50).then(ready)]);
    expect(first).to.deep.equal({
      ready: false,
      checks: { hanging: 'did not answer within 2 s' },
    });
    expect(performance.now() - began).to.be.within(LONGEST_CHECK_MS - 50, LONGEST_CHECK_MS + 2_000);
    expect(asked).to.equal(1);
  }).timeout(10_000);

  it('is not looked at more often than twice a second, and then afresh', async () => {
    let asked = 0;
    const { ready } = started({
      counted: () => {
        asked += 1;
        return Promise.resolve();
      },
    });
    for (let probe = 0; probe < 50; probe++) await ready();
    expect(asked).to.be.within(1, 2);
    await pause(CHECKED_EVERY_MS + 50);
    await ready();
    expect(asked).to.be.within(2, 3);
  });

  it('looks again at what was found missing, though it was said at once', async () => {
    let missing = true;
    const { ready } = started({
      begun: () => {
        if (missing) throw new NotReady('has not begun');
        return Promise.resolve();
      },
    });
    expect(await ready()).to.deep.equal({ ready: false, checks: { begun: 'has not begun' } });
    missing = false;
    await pause(CHECKED_EVERY_MS + 50);
    expect((await ready()).ready).to.equal(true);
  });

  it('is not ready any more as soon as it is told to stop', async () => {
    const stopping = new AbortController();
    const { ready } = started({ database: fine }, stopping.signal);
    expect((await ready()).ready).to.equal(true);
    stopping.abort();
    expect(await ready()).to.deep.equal({ ready: false, checks: { process: 'is stopping' } });
  });
});

describe('Views', () => {
  let behind: readonly number[];
  const views = () =>
    viewsKeepUp(
      () => Promise.resolve(behind.map((seconds, n) => ({ name: `v${n}`, seconds }))),
      30,
    );
  const refusal = (check: Check): Promise<unknown> => check().catch((thrown: unknown) => thrown);

  it('keep up while none is further behind than it may be', async () => {
    behind = [];
    const keepUp = views();
    await keepUp();
    behind = [0, 30];
    await keepUp();
  });

  it('do not when one is, and that one is named', async () => {
    behind = [0];
    const keepUp = views();
    await keepUp();
    behind = [31.4, 2, 90];
    const error = await refusal(keepUp);
    expect(error).to.be.instanceOf(NotReady);
    expect(error).to.include({
      message: 'v0 is 31 s behind, v2 is 90 s behind; 30 s are the most',
    });
  });

  it('have to catch up once first', async () => {
    behind = [0, 5];
    const keepUp = views();
    expect(await refusal(keepUp)).to.include({ message: 'v1 is 5 s behind; 1 s are the most' });
    behind = [0, 1];
    await keepUp();
    behind = [0, 5];
    await keepUp();
  });
});
