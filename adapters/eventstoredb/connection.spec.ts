import type { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import { BadConfig } from '#shared/platform/config.ts';
import { failure } from '#shared/testing/failure.ts';
import { connect, STREAM_BUDGET } from './connection.ts';
import { isPassing } from './failures.ts';

const NOWHERE = 'esdb://127.0.0.1:1?tls=false';
const { signal } = new AbortController();
const failingWith = (code: number) => Object.assign(new Error(`code ${code}`), { code });

describe('A connection', () => {
  it('says which setting is wrong when its URL cannot be understood', () => {
    expect(() => connect('http://localhost:2113')).to.throw(BadConfig, 'EVENTSTORE_URL');
  });

  it('is not made for more calls than a server takes at a time', () => {
    const streams = { reads: STREAM_BUDGET - 30, subscriptions: 6 };
    expect(() => connect(NOWHERE, { streams })).not.to.throw();
    expect(() => connect(NOWHERE, { streams: { ...streams, subscriptions: 7 } })).to.throw(
      RangeError,
    );
  });

  it('has as many calls open as it was made for, and no more', async () => {
    const { reading } = connect(NOWHERE, { streams: { reads: 3 } });
    let open = 0;
    let most = 0;
    const call = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise(setImmediate);
      open -= 1;
    };
    await Promise.all(Array.from({ length: 10 }, () => reading(call, signal)));
    expect(most).to.equal(3);
  });

  it('does not begin a call that nobody waits for any more', async () => {
    const { reading } = connect(NOWHERE);
    const call = reading(() => Promise.resolve('begun'), AbortSignal.abort());
    expect(await failure(call)).to.have.property('name', 'AbortError');
  });

  it('has a place for each subscription it was made for', () => {
    const { subscribing } = connect(NOWHERE, { streams: { subscriptions: 2 } });
    const { end } = subscribing();
    subscribing();
    expect(subscribing).to.throw(RangeError);
    end();
    expect(subscribing).not.to.throw();
  });

  it('makes way for a new one when it does nothing but fail', async () => {
    const told: unknown[] = [];
    const connection = connect(NOWHERE, { onTrouble: (error) => told.push(error) });
    const clients: EventStoreDBClient[] = [];
    const attempt = (error?: Error) =>
      failure(
        connection.reading((client) => {
          clients.push(client);
          return error ? Promise.reject(error) : Promise.resolve();
        }, signal),
      );
    const different = () => new Set(clients).size;

    for (let nth = 0; nth < 4; nth++) await attempt(failingWith(13));
    await attempt();
    for (let nth = 0; nth < 5; nth++) await attempt(failingWith(13));
    expect(different(), 'after four, and five').to.equal(1);
    await attempt();
    expect(different(), 'the one after').to.equal(2);
    const unavailable = () => Object.assign(failingWith(14), { type: 'unavailable' });
    for (let nth = 0; nth < 10; nth++) await attempt(unavailable());
    for (let nth = 0; nth < 10; nth++) await attempt(failingWith(3));
    expect(different(), 'what the client mends by itself, and our own mistakes').to.equal(2);
    expect(told).to.have.length(19);
    await connection.dispose();
  });

  it('takes nothing for whole that was read while it made way, or was closed', async () => {
    const connection = connect(NOWHERE);
    const reading = () => {
      let end = (): void => undefined;
      const read = connection.reading(
        () => new Promise<void>((resolve) => (end = resolve)),
        signal,
      );
      return {
        read: failure(read),
        end: () => {
          end();
        },
      };
    };
    const first = reading();
    for (let nth = 0; nth < 5; nth++)
      await failure(connection.reading(() => Promise.reject(failingWith(13)), signal));
    first.end();
    const cutShort = await first.read;
    expect(cutShort).to.have.property('name', 'CutShort');
    expect(isPassing(cutShort)).to.equal(true);

    const second = reading();
    await connection.dispose();
    second.end();
    const closed = await second.read;
    expect(closed).to.match(/was closed/);
    expect(isPassing(closed)).to.equal(false);
  });
});
