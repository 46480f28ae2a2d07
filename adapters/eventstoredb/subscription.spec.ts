import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import type { Connection } from './connection.ts';
import type { LogStream } from './log-stream.ts';
import { LARGEST_PAGE, type RawEvent } from './raw-page.ts';
import { followed } from './subscription.ts';

const SILENCE_MS = 20;

const event = (commit: bigint) => ({ position: { commit, prepare: commit } }) as RawEvent;

/** A server that does with each subscription what the spec says, one after the other. */
const aServer = (...scripts: ((stream: PassThrough) => void)[]) => {
  const began: bigint[] = [];
  const failures: unknown[] = [];
  let open = 0;
  const subscribe = (_client: unknown, after: bigint): LogStream => {
    const stream = new PassThrough({ objectMode: true, highWaterMark: 2 * LARGEST_PAGE });
    scripts[began.length]?.(stream);
    began.push(after);
    return Object.assign(stream, { cancel: () => Promise.resolve() });
  };
  const subscribing = () => {
    open += 1;
    return {
      client: undefined,
      failed: (error: unknown) => failures.push(error),
      end: () => {
        open -= 1;
      },
    };
  };
  const connection = { subscribing } as unknown as Connection;
  return { connection, subscribe, began, failures, open: () => open };
};

const commits = (from: number, count: number) =>
  Array.from({ length: count }, (_, nth) => BigInt(from + nth));

/** Follows until it has got to a position; where the log ends is told by whoever asks. */
const follow = async (
  { connection, subscribe }: ReturnType<typeof aServer>,
  upTo: bigint,
  head: () => bigint = () => upTo,
) => {
  const enough = new AbortController();
  const headOf = () => Promise.resolve({ position: head(), at: undefined });
  const pages = [];
  const limits = { signal: enough.signal, silenceMs: SILENCE_MS };
  const options = { headOf, after: -1n, ...limits, subscribe };
  for await (const page of followed(connection, options)) {
    pages.push(page);
    if (page.upTo >= upTo) enough.abort();
  }
  return pages;
};

describe('A subscription', () => {
  it('is taken up again from the last event, whatever ended it', async () => {
    const unavailable = Object.assign(new Error('away'), { code: 14 });
    const server = aServer(
      (stream) => {
        stream.write(event(1n));
        setImmediate(() => stream.write(event(2n)));
        setTimeout(() => stream.destroy(unavailable), 10);
      },
      (stream) => stream.destroy(unavailable),
      (stream) => {
        stream.write(event(3n));
        stream.end();
      },
      (stream) => stream.write(event(4n)),
    );
    const pages = await follow(server, 4n);
    expect(
      pages.flatMap(({ events }) => events.map(({ position }) => position.commit)),
    ).to.deep.equal([1n, 2n, 3n, 4n]);
    expect(server.began).to.deep.equal([-1n, 2n, 2n, 3n]);
    expect(server.failures).to.deep.equal([unavailable, unavailable]);
    expect(server.open()).to.equal(0);
  });

  it('ends for good with what would come again', async () => {
    const denied = Object.assign(new Error('denied'), { type: 'access-denied', code: 7 });
    const server = aServer((stream) => stream.destroy(denied));
    const outcome = await follow(server, 1n).catch((error: unknown) => error);
    expect(outcome).to.equal(denied);
    expect(server.open()).to.equal(0);
  });

  it('is given up when it is silent though the log has grown', async () => {
    const server = aServer(
      (stream) => stream.write(event(1n)),
      (stream) => stream.write(event(2n)),
    );
    await follow(server, 2n);
    expect(server.began).to.deep.equal([-1n, 1n]);
    expect(server.failures).to.have.nested.property('[0].name', 'Stalled');
  });

  it('may be silent as long as nothing happens', async () => {
    let looked = 0;
    const server = aServer((stream) => {
      stream.write(event(1n));
      setTimeout(() => stream.write(event(2n)), 8 * SILENCE_MS);
    });
    await follow(server, 2n, () => {
      looked += 1;
      return 1n;
    });
    expect(looked).to.be.greaterThan(1);
    expect(server.began).to.deep.equal([-1n]);
  });

  it('gives in one page what has arrived, up to the largest', async () => {
    const many = LARGEST_PAGE + 10;
    const server = aServer((stream) => {
      for (const commit of commits(1, many)) stream.write(event(commit));
    });
    const pages = await follow(server, BigInt(many));
    expect(pages.map(({ events }) => events.length)).to.deep.equal([LARGEST_PAGE, 10]);
    expect(pages.map(({ more }) => more)).to.deep.equal([true, false]);
  });
});
