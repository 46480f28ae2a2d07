import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import supertest from 'supertest';
import { effect } from '#shared/effect/decider.ts';
import { effectEvents } from '#shared/effect/events.ts';
import { park } from '#shared/effect/examples.ts';
import { intentTable, type IntentRow } from '#shared/effect/intent.ts';
import type { AccountId } from '#shared/ids.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { systemClock } from '#shared/kernel/message.ts';
import { enlist } from '#shared/platform/checkpoint.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { logHeadSchema, noteLogHead } from '#shared/platform/log-head.ts';
import { logger } from '#shared/platform/log.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { accessTokens } from '../../command-api/account/access-tokens.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { queryApi } from '../../query-api/app.ts';
import { noBalance } from '../support/a-balance.ts';
import { noLog } from '../support/a-stored-log.ts';
import { pastIn } from '../support/the-past.ts';
import { noProducts } from '../support/some-products.ts';
import { aCommandApi, codeOf, secrets } from '../support/a-command-api.ts';
import { thingView } from '../support/a-thing-view.ts';
import { anEffectDatabase } from '../support/effects.ts';

type List = { readonly items: readonly Record<string, unknown>[]; readonly nextCursor: unknown };

describe('Operators', function () {
  this.timeout(90_000);
  const database = anEffectDatabase();
  before(() => logHeadSchema.up(database()));

  const reading = (path: string, role: Role = 'operator') =>
    supertest(
      queryApi({
        ...{ db: database(), keys: inMemoryKeys(), secrets, log: logger('spec', 'silent') },
        ...{ requestsPerSecond: 10_000, corsOrigins: [] },
        ...{ observe: () => undefined, isDisabled: () => false, balanceOf: noBalance },
        ...noProducts,
        ...noLog,
        past: pastIn(),
      }),
    )
      .get(path)
      .set(
        'Authorization',
        `Bearer ${accessTokens(secrets.signingKey)({ accountId: role as AccountId, role }, systemClock())}`,
      );
  const listed = async (path: string): Promise<List> =>
    (await reading(path).expect(200)).body as List;
  const ids = ({ items }: List) => items.map(({ id }) => id);

  const anIntent = async (changes: Partial<IntentRow> = {}): Promise<string> => {
    const id = randomUUID();
    await database()<IntentRow>(intentTable).insert({
      ...{ id, reaction: 'tell', kind: 'tell-customer', event_id: randomUUID() },
      ...{ correlation_id: 'c', stream: 'activation-1', data: {} },
      ...changes,
    });
    return id;
  };

  describe('see what is done outside', () => {
    it('newest first, a page at a time, though more is added meanwhile', async () => {
      const all: string[] = [];
      for (let nth = 0; nth < 5; nth++) all.unshift(await anIntent());
      const first = await listed('/v1/effects?limit=2');
      await anIntent();
      const second = await listed(`/v1/effects?limit=2&cursor=${String(first.nextCursor)}`);
      const third = await listed(`/v1/effects?limit=2&cursor=${String(second.nextCursor)}`);
      expect([first, second, third].flatMap(ids)).to.deep.equal(all);
      expect(third.nextCursor).to.equal(null);
    });

    it('in one state only, and why it is in it', async () => {
      await anIntent();
      const at = new Date('2026-01-15T12:00:00.000Z');
      const parked = await anIntent({ status: 'PARKED', attempts: 30, last_error: 'No answer' });
      const done = await anIntent({ status: 'DONE', attempts: 1, done_at: at, created_at: at });
      expect(ids(await listed('/v1/effects?status=WAITING'))).to.have.length(1);
      expect((await listed('/v1/effects?status=PARKED')).items[0]).to.include({
        ...{ id: parked, kind: 'tell-customer', stream: 'activation-1', status: 'PARKED' },
        ...{ attempts: 30, lastError: 'No answer' },
      });
      expect((await listed('/v1/effects?status=DONE')).items).to.deep.equal([
        {
          ...{ id: done, kind: 'tell-customer', stream: 'activation-1', status: 'DONE' },
          ...{ attempts: 1, createdAt: at.toISOString(), doneAt: at.toISOString() },
        },
      ]);
    });

    it('and are told when they ask for what there is not', async () => {
      for (const query of ['status=LOST', 'kind=mail', 'limit=0', 'limit=201', 'cursor=x'])
        expect(codeOf(await reading(`/v1/effects?${query}`).expect(422))).to.equal(
          'invalid-request',
        );
      for (const role of ['auditor', 'partner'] as const)
        await reading('/v1/effects', role).expect(403);
    });
  });

  describe('see how far all has got', () => {
    it('view by view and reaction by reaction', async () => {
      await prepareView(database(), thingView);
      await enlist(database(), { name: 'reaction:tell', kind: 'reaction', version: 1 }, 41n);
      await noteLogHead(database(), 42n);
      for (const role of ['operator', 'auditor', 'admin'] as const) {
        const answer = await reading('/v1/projections', role).expect(200);
        const { items, nextCursor } = answer.body as List;
        expect(nextCursor).to.equal(null);
        expect(items[0]).to.deep.include({ name: 'things', kind: 'view', position: '-1', rows: 0 });
        const reaction = items[1] ?? {};
        expect(reaction).to.include({
          ...{ name: 'reaction:tell', kind: 'reaction', position: '41', status: 'LIVE' },
        });
        expect(reaction['lag']).to.have.keys('positions', 'seconds').and.include({ positions: 1 });
      }
      await reading('/v1/projections', 'partner').expect(403);
      await reading('/v1/projections?limit=1').expect(422);
    });
  });

  describe('have tried afresh', () => {
    it('what was given up, once for each time that they ask', async () => {
      const eventStore = inMemoryEventStore();
      const api = aCommandApi(database(), { eventStore });
      const id = await anIntent({ status: 'PARKED' });
      const command = park();
      await commandHandler(
        eventStore,
        'effect',
        effectEvents,
        effect,
      )(id, { ...command, data: { ...command.data, effectId: id } } as typeof command, {
        meta,
        keyed: false,
      });
      const retry = () =>
        api.as('operator').post(`/v1/effects/${id}/retry`).set('Idempotency-Key', 'a');
      const first = await retry().expect(202);
      expect(first.body).to.deep.equal({ id, status: 'WAITING' });
      expect(first.headers).to.have.property('etag', '"1"');
      const repeated = await retry().expect(202);
      expect(repeated.headers).to.include({ 'idempotent-replayed': 'true' });

      const { events } = await eventStore.read(`effect-${id}`, effectEvents);
      expect(events.map(({ type }) => type)).to.eql(['EffectParked', 'EffectRetryRequested']);
      expect(events[1]?.data).to.include({ effectId: id, round: 1, by: 'operator' });
      const other = await api.as('operator').post(`/v1/effects/${id}/retry`).expect(409);
      expect(codeOf(other)).to.equal('effect-not-parked');
    });

    it('nothing that was not given up, nothing that there is not, and nobody else', async () => {
      const api = aCommandApi(database());
      const retry = (id: string, role: Role = 'operator') =>
        api.as(role).post(`/v1/effects/${id}/retry`);
      expect(codeOf(await retry(await anIntent()).expect(409))).to.equal('effect-not-parked');
      expect(codeOf(await retry(randomUUID()).expect(404))).to.equal('effect-not-found');
      expect(codeOf(await retry('7').expect(404))).to.equal('effect-not-found');
      await retry(randomUUID(), 'auditor').expect(403);
    });
  });
});
