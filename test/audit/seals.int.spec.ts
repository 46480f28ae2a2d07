import { expect } from 'chai';
import { digestOf } from '#shared/audit/digest.ts';
import type { DigestLog } from '#shared/audit/ports.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { StoredEvent } from '#shared/kernel/stored-log.ts';
import { aThingApi } from '#shared/testing/a-thing-api.ts';
import { given, thingEvents } from '#shared/testing/a-thing.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { digestBeside } from '../../adapters/eventstoredb/digesting.ts';
import { storedLog } from '../../adapters/eventstoredb/stored-log.ts';
import { auditRoutes } from '../../command-api/audit/routes.ts';
import { sealRoutes } from '../../query-api/audit/seal-routes.ts';
import { codeOf } from '../support/a-command-api.ts';
import { anEventStore } from '../support/an-event-store.ts';
import { canonicalJson, hashOfLeaf, isProved, treeHash, type Proof } from '../support/rfc6962.ts';
import { history } from '../support/some-history.ts';

type Seal = {
  readonly id: string;
  readonly from: string | null;
  readonly to: string;
  readonly events: number;
  readonly root: string;
  readonly previous: string | null;
};

const AT_ONCE = 20;
const NOTHING = '00000000-0000-4000-8000-000000000000';

/** A leaf as an auditor would make it, from nothing but docs/audit.md. */
const leafOf = ({ position, stream, revision, id, type, data, metadata }: StoredEvent): Buffer =>
  hashOfLeaf(
    Buffer.from(
      canonicalJson({
        ...{ position: String(position), stream, revision: String(revision) },
        ...{ id, type, data, metadata },
      }),
    ),
  );

describe('Seals over the log', function () {
  this.timeout(180_000);
  const keys = inMemoryKeys();
  const { connection, store, url } = anEventStore(keys);
  const stopping = new AbortController();
  after(() => {
    stopping.abort();
  });

  const inThisProcess: DigestLog = (stretch) => digestOf(storedLog(connection()), stretch);
  const as = (role: 'auditor' | 'operator' | 'analyst', digest = inThisProcess) =>
    aThingApi({
      routes: [
        ...auditRoutes({ eventStore: store(), digest }),
        ...sealRoutes(storedLog(connection()), digest),
      ],
    }).as(role);
  const auditor = () => as('auditor');
  const events = async (): Promise<readonly StoredEvent[]> =>
    (await storedLog(connection()).page(BEGINNING)).events;
  const between = (all: readonly StoredEvent[], { from, to }: Seal) =>
    all.filter(
      ({ position }) =>
        position > (from === null ? BEGINNING : BigInt(from)) && position <= BigInt(to),
    );
  const seal = async (): Promise<Seal> =>
    (await auditor().post('/v1/seals').expect(201)).body as Seal;
  let first: Seal;

  before(async () => {
    await auditor().post('/v1/seals').expect(409);
    await history(store()).make('thing-1');
    await history(store()).make('thing-2');
    await store().append('thing-3', thingEvents, [given()], { expected: 'no-stream', meta });
  });

  it('begin with all there is', async () => {
    const answer = await auditor().post('/v1/seals').send({}).expect(201);
    const { headers } = answer;
    first = answer.body as Seal;
    const all = await events();
    expect(first).to.deep.include({ from: null, previous: null, events: 3 });
    expect(first.to).to.equal(String(all[2]?.position));
    expect(first.root).to.equal(treeHash(all.slice(0, 3).map(leafOf)).toString('hex'));
    expect(headers).to.include({ etag: '"0"', location: `/v1/audit/seals/${first.id}` });
    expect(all[3]).to.deep.include({ stream: 'seals', type: 'SealMade', id: first.id });
    expect({ id: first.id, ...(all[3]?.data as object) }).to.deep.equal(first);
    expect(headers['log-position']).to.equal(String(all[3]?.position));
  });

  it('are not made when nothing has happened but the last one', async () => {
    const answer = await auditor().post('/v1/seals').expect(200);
    expect(answer.body).to.deep.equal(first);
    expect(await events()).to.have.length(4);
  });

  it('are a chain, and cover the seals before them', async () => {
    await history(store()).break('thing-1');
    const second = await seal();
    const covered = between(await events(), second);
    expect(second).to.deep.include({ from: first.to, previous: first.root, events: 2 });
    expect(covered.map(({ type }) => type)).to.deep.equal(['SealMade', 'ThingBroken']);
    expect(second.root).to.equal(treeHash(covered.map(leafOf)).toString('hex'));
  });

  it('are made once for each Idempotency-Key', async () => {
    await history(store()).make('thing-4');
    const send = () => auditor().post('/v1/seals').set('Idempotency-Key', 'monthly');
    const made = await send().expect(201);
    await history(store()).make('thing-5');
    const again = await send().expect(201);
    expect(again.body).to.deep.equal(made.body);
    expect(again.headers).to.include({ 'idempotent-replayed': 'true', etag: made.headers['etag'] });
  });

  it('are one after the other, however many ask at once', async () => {
    await history(store()).make('thing-6');
    const asked = Array.from({ length: AT_ONCE }, () => auditor().post('/v1/seals'));
    const answers = await Promise.all(asked);
    const made = answers.filter(({ status }) => status === 201);
    expect(made).to.have.length(1);
    for (const { status, body } of answers) {
      expect(status).to.be.oneOf([200, 201]);
      expect((body as Seal).id).to.equal((made[0]?.body as Seal).id);
    }
    const { items } = (await auditor().get('/v1/audit/seals').expect(200)).body as {
      readonly items: readonly Seal[];
    };
    items.slice(1).forEach((older, nth) => {
      expect(items[nth]).to.deep.include({ from: older.to, previous: older.root });
    });
    expect(items.at(-1)).to.deep.include(first);
  });

  it('are listed newest first, a page at a time, and read one by one', async () => {
    const list = async (query: string) =>
      (await auditor().get(`/v1/audit/seals${query}`).expect(200)).body as {
        readonly items: readonly Seal[];
        readonly nextCursor: string | null;
      };
    const all = (await list('')).items;
    const one = await list('?limit=1');
    const rest = await list(`?limit=200&cursor=${one.nextCursor ?? ''}`);
    expect([...one.items, ...rest.items]).to.deep.equal(all);
    const answer = await auditor().get(`/v1/audit/seals/${first.id}`).expect(200);
    expect(answer.body).to.deep.equal(all.at(-1));
    expect(answer.headers).to.include({ etag: '"0"' });
    expect(codeOf(await auditor().get(`/v1/audit/seals/${NOTHING}`))).to.equal('seal-not-found');
  });

  it('are hashed in a process of their own, with the same result', async () => {
    await history(store()).make('thing-7');
    const beside = as('auditor', digestBeside(url(), stopping.signal));
    const made = (await beside.post('/v1/seals').expect(201)).body as Seal;
    const covered = between(await events(), made);
    expect(made.root).to.equal(treeHash(covered.map(leafOf)).toString('hex'));
    const event = covered[1]?.id ?? '';
    const answer = await beside.get(`/v1/audit/seals/${made.id}/proof?event=${event}`).expect(200);
    expect(isProved(answer.body as Proof)).to.equal(true);
  });

  it('prove that an event is under them, to whoever checks it by the RFC', async () => {
    const covered = between(await events(), first);
    for (const [index, event] of covered.entries()) {
      const path = `/v1/audit/seals/${first.id}/proof?event=${event.id}`;
      const proof = (await auditor().get(path).expect(200)).body as Proof;
      expect(proof).to.deep.include({ event: event.id, index, size: 3, seal: first.id });
      expect(proof).to.include({ root: first.root, leaf: leafOf(event).toString('hex') });
      expect(isProved(proof)).to.equal(true);
    }
    const other = (await events()).at(-1)?.id ?? '';
    const asked = (event: string) =>
      auditor().get(`/v1/audit/seals/${first.id}/proof?event=${event}`);
    expect(codeOf(await asked(other).expect(404))).to.equal('event-not-found');
    expect(codeOf(await asked('x').expect(422))).to.equal('invalid-request');
    const nowhere = `/v1/audit/seals/${NOTHING}/proof?event=${other}`;
    expect(codeOf(await auditor().get(nowhere).expect(404))).to.equal('seal-not-found');
  });

  it('hold when somebody is erased', async () => {
    await keys.destroy((given().data as { readonly subjectId: string }).subjectId);
    expect(treeHash(between(await events(), first).map(leafOf)).toString('hex')).to.equal(
      first.root,
    );
  });

  it('are made by auditors and operators, and read by auditors', async () => {
    await as('analyst').post('/v1/seals').expect(403);
    await as('operator').get('/v1/audit/seals').expect(403);
    await history(store()).make('thing-8');
    await as('operator').post('/v1/seals').expect(201);
  });
});
