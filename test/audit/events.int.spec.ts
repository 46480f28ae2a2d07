import { expect } from 'chai';
import papa from 'papaparse';
import type supertest from 'supertest';
import type { StoredLog } from '#shared/kernel/stored-log.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { storedLog } from '../../adapters/eventstoredb/stored-log.ts';
import { auditRoutes } from '../../query-api/audit/routes.ts';
import { codeOf } from '../support/a-command-api.ts';
import { anEventStore } from '../support/an-event-store.ts';
import { history } from '../support/some-history.ts';

type Item = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly position: string;
  readonly stream: string;
  readonly type: string;
};
type Listed = { readonly items: readonly Item[]; readonly nextCursor: string | null };

const NOON = '2026-01-15T12:00:00.000Z';
const LATE = '2026-01-16T02:59:59.999Z';
const NEXT_DAY = '2026-01-16T03:00:00.000Z';
const streamsIn = ({ items }: Listed) => items.map(({ stream, type }) => `${stream} ${type}`);

/** The text as it came: supertest knows no NDJSON. */
const asText = (answer: supertest.Response, done: (error: null, text: string) => void) => {
  const chunks: Buffer[] = [];
  (answer as unknown as NodeJS.ReadableStream).on('data', (chunk: Buffer) => chunks.push(chunk));
  (answer as unknown as NodeJS.ReadableStream).on('end', () => {
    done(null, Buffer.concat(chunks).toString());
  });
};

describe('Events, as auditors ask for them', function () {
  this.timeout(90_000);
  const { connection, store } = anEventStore();
  const pages: bigint[] = [];

  const counted = (): StoredLog => {
    const log = storedLog(connection());
    return {
      ...log,
      page: (after) => {
        pages.push(after);
        return log.page(after);
      },
    };
  };
  const as = (role: Role = 'auditor') => aThingApi({ routes: auditRoutes(counted()) }).as(role);
  const asked = async (query: string): Promise<Listed> =>
    (await as().get(`/v1/audit/events${query}`).expect(200)).body as Listed;
  const streamed = async (path: string, type: string): Promise<string> => {
    const answer = as().get(path).set('Accept', type).buffer(true).parse(asText);
    return (await answer.expect(200)).body as string;
  };

  before(async () => {
    const { make, break: breaks } = history(store());
    await make('thing-1', { at: NOON });
    await make('thing-2', { by: 'bia', at: LATE, because: 'another' });
    await breaks('thing-1', { by: 'bia', at: NEXT_DAY });
    await make('thing-3', { by: '=HYPERLINK("x")', at: NEXT_DAY });
  });

  it('are all of them, oldest first, with who, when and why, and as they are stored', async () => {
    const { items, nextCursor } = await asked('');
    expect(streamsIn({ items, nextCursor })).to.deep.equal([
      'thing-1 ThingMade',
      'thing-2 ThingMade',
      'thing-1 ThingBroken',
      'thing-3 ThingMade',
    ]);
    expect(nextCursor).to.equal(null);
    const { id, position, data, ...rest } = items[2] as Item & { readonly data: unknown };
    expect(rest).to.deep.equal({
      ...{ stream: 'thing-1', revision: '1', type: 'ThingBroken', at: NEXT_DAY },
      ...{ actor: { id: 'bia', role: 'analyst' }, correlationId: 'a-request' },
      causationId: 'break thing-1',
    });
    expect(id).to.match(/^[0-9a-f-]{36}$/);
    expect(position).to.match(/^\d+$/);
    expect(data).to.be.an('object');
  });

  it('are those that all filters fit', async () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['?stream=thing-1', ['thing-1 ThingMade', 'thing-1 ThingBroken']],
      ['?stream=thing-1&actor=bia', ['thing-1 ThingBroken']],
      ['?stream=thing-404', []],
      ['?type=ThingBroken', ['thing-1 ThingBroken']],
      ['?actor=bia', ['thing-2 ThingMade', 'thing-1 ThingBroken']],
      ['?correlationId=another', ['thing-2 ThingMade']],
      [`?from=${NEXT_DAY}`, ['thing-1 ThingBroken', 'thing-3 ThingMade']],
      [`?to=${NOON}`, ['thing-1 ThingMade']],
      [`?from=${NOON}&to=${LATE}`, ['thing-1 ThingMade', 'thing-2 ThingMade']],
    ];
    for (const [query, found] of cases)
      expect(streamsIn(await asked(query)), query).to.deep.equal(found);
  });

  it('are those of whole days, as the calendar in São Paulo has them', async () => {
    expect(streamsIn(await asked('?from=2026-01-15&to=2026-01-15'))).to.deep.equal([
      'thing-1 ThingMade',
      'thing-2 ThingMade',
    ]);
    expect((await asked('?from=2026-01-16')).items).to.have.length(2);
  });

  it('come a page at a time, and go on where they ended', async () => {
    for (const query of ['?', '?stream=thing-1&', '?actor=bia&']) {
      const all = (await asked(query)).items;
      const found: Item[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const more: Listed = await asked(
          `${query}limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
        );
        expect(more.items).to.have.length(1);
        found.push(...more.items);
        cursor = more.nextCursor;
      }
      expect(found, query).to.deep.equal(all);
    }
  });

  it('come as lines of JSON, each as in a page', async () => {
    const text = await streamed('/v1/audit/events?actor=bia', 'application/x-ndjson');
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as Item)).to.deep.equal(
      (await asked('?actor=bia')).items,
    );
  });

  it('come as CSV that a spreadsheet runs nothing of', async () => {
    const text = await streamed('/v1/audit/events?stream=thing-3', 'text/csv');
    const { data } = papa.parse<Record<string, string>>(text.trimEnd(), { header: true });
    const [item] = (await asked('?stream=thing-3')).items;
    expect(data).to.have.length(1);
    expect(data[0]).to.include({ stream: 'thing-3', id: item?.id, at: NEXT_DAY });
    expect(data[0]?.['actorId']).to.equal('\'=HYPERLINK("x")');
    expect(JSON.parse(data[0]?.['data'] ?? '')).to.deep.equal(item?.['data']);
  });

  it('are one thing’s history, and nothing where there is no such thing', async () => {
    const answer = await as().get('/v1/audit/streams/thing-1').expect(200);
    expect(streamsIn(answer.body as Listed)).to.deep.equal([
      'thing-1 ThingMade',
      'thing-1 ThingBroken',
    ]);
    const text = await streamed('/v1/audit/streams/thing-1', 'application/x-ndjson');
    expect(text.trimEnd().split('\n')).to.have.length(2);
    for (const none of ['thing-404', '$settings', '%24settings']) {
      const refused = await as().get(`/v1/audit/streams/${none}`).expect(404);
      expect(codeOf(refused)).to.equal('stream-not-found');
    }
  });

  it('are for auditors and for no one else', async () => {
    for (const role of ['analyst', 'operator', 'partner', 'erp', 'customer-app'] as const)
      await as(role).get('/v1/audit/events').expect(403);
    await as('admin').get('/v1/audit/events').expect(200);
  });

  it('are refused where the question is not understood', async () => {
    const beyond = Buffer.from('{"after":"999999999999999999"}').toString('base64url');
    expect((await asked(`?cursor=${beyond}`)).items).to.deep.equal([]);
    for (const query of ['?from=yesterday', '?cursor=x', '?limit=0', '?who=me', '?stream=$all'])
      await as().get(`/v1/audit/events${query}`).expect(422);
  });

  it('need not be looked for in what was sealed long before', async () => {
    const [, second] = (await asked('')).items;
    const to = BigInt(second?.position ?? 0);
    await history(store()).seal(to, '2026-01-16T02:00:00.000Z');
    pages.length = 0;
    const late = await asked('?from=2026-01-16T03:00:00.000Z&type=ThingBroken');
    expect(streamsIn(late)).to.deep.equal(['thing-1 ThingBroken']);
    expect(pages[0]).to.equal(to);
    pages.length = 0;
    expect((await asked('?from=2026-01-16T02:05:00.000Z&type=ThingMade')).items).to.have.length(2);
    expect(pages[0], 'clocks may differ').to.equal(-1n);
  });
});
