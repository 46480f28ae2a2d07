import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { StoredEvent, StoredLog } from '#shared/kernel/stored-log.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { auditRoutes } from './routes.ts';

const EVENTS_A_PAGE = 1_000;
/** More pages than any buffer on the way holds, and far fewer than there are. */
const FEW_PAGES = 1_000;
/** More than waits in between. */
const MANY_BYTES = 8_000_000;
const LOOKS_AT_MS = 200;

const eventAt = (position: bigint): StoredEvent => ({
  ...{ position, revision: position, stream: 'thing-1', type: 'ThingMade' },
  ...{ id: `event-${position}`, data: { size: 1 }, metadata: {} },
});

/** A log without an end for all practical purposes, which counts its pages. */
const anEndlessLog = () => {
  const counted = { pages: 0 };
  const page = (after: bigint) => {
    counted.pages += 1;
    const events = Array.from({ length: EVENTS_A_PAGE }, (_, nth) =>
      eventAt(after + BigInt(nth) + 1n),
    );
    return Promise.resolve({ events, upTo: after + BigInt(EVENTS_A_PAGE), more: true });
  };
  const log: StoredLog = {
    page,
    streamPage: (_stream, after) => page(after),
    streamBefore: () => Promise.resolve({ events: [], upTo: 0n, more: false }),
    end: () => Promise.resolve(10n ** 15n),
  };
  return { log, counted };
};

describe('A long answer to an auditor', function () {
  this.timeout(20_000);

  for (const [type, path] of [
    ['application/x-ndjson', '/v1/audit/events'],
    ['text/csv', '/v1/audit/streams/thing-1'],
  ] as const)
    it(`is read as fast as it is taken, and no further when its reader goes: ${type}`, async () => {
      const { log, counted } = anEndlessLog();
      const server = aThingApi({ routes: auditRoutes(log) }).app.listen(0);
      const isQuiet = async () => {
        const before = counted.pages;
        await pause(LOOKS_AT_MS);
        return counted.pages === before;
      };
      try {
        const { port } = server.address() as AddressInfo;
        const gone = new AbortController();
        const headers = { accept: type, authorization: `Bearer ${tokenOf('auditor')}` };
        const url = `http://127.0.0.1:${port}${path}`;
        const answer = await fetch(url, { headers, signal: gone.signal });
        await waitUntil('nothing is read that nobody takes', isQuiet);
        const untaken = counted.pages;
        expect(untaken).to.be.greaterThan(0).and.lessThan(FEW_PAGES);

        const reader = answer.body?.getReader();
        for (let bytes = 0; bytes < MANY_BYTES;) {
          const chunk = await reader?.read();
          bytes += (chunk?.value as Uint8Array | undefined)?.length ?? 0;
          expect(chunk?.done).to.equal(false);
        }
        expect(counted.pages, 'it goes on when it is taken').to.be.greaterThan(untaken);
        gone.abort();
        await waitUntil('nothing is read for who is gone', isQuiet);
        expect(counted.pages).to.be.lessThan(FEW_PAGES);
      } finally {
        server.close();
      }
    });

  it('begins a page of JSON with a cursor, though nothing was found for a long while', async () => {
    const { log, counted } = anEndlessLog();
    const auditor = aThingApi({ routes: auditRoutes(log) }).as('auditor');
    const first = await auditor.get('/v1/audit/events?type=Seldom').expect(200);
    const { items, nextCursor } = first.body as { items: unknown[]; nextCursor: string };
    expect(items).to.deep.equal([]);
    expect(counted.pages).to.be.lessThan(60);
    await auditor.get(`/v1/audit/events?type=Seldom&cursor=${nextCursor}`).expect(200);
    expect(counted.pages).to.be.greaterThan(60);
  });
});
