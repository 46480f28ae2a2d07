import { jsonEvent } from '@eventstore/db-client';
import { expect } from 'chai';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import { failure } from '#shared/testing/failure.ts';
import { anEmbeddedNode, type AnEmbeddedNode } from '../../test/support/an-event-store.ts';
import { connect } from './connection.ts';
import { rawLog } from './raw-log.ts';

const EVENTS = 2_000;

describe('A page of the log that is cut short', () => {
  let node: AnEmbeddedNode;

  before(async () => {
    node = await anEmbeddedNode();
    const connection = connect(node.url);
    const data = { text: 'x'.repeat(300) };
    const events = Array.from({ length: EVENTS }, () => jsonEvent({ type: 'Said', data }));
    const { signal } = new AbortController();
    const what = { stream: 's-1', expected: 'no-stream', events } as const;
    await connection.appending((_client, append) => append(what, signal), signal);
    expect((await rawLog(connection).page(BEGINNING)).events).to.have.length.of.at.least(EVENTS);
    await connection.dispose();
  });
  after(() => node.close());

  it('is never taken for all there is', async () => {
    for (let turns = 0; turns < 12; turns++) {
      const connection = connect(node.url);
      const log = rawLog(connection);
      await log.head();
      const page = log.page(BEGINNING);
      page.catch(() => undefined);
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      await connection.dispose();
      expect(await failure(page), `after ${turns} turns`).to.match(/was closed/);
    }
  });
});
