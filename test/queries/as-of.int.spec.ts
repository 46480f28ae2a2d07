import { expect } from 'chai';
import supertest from 'supertest';
import { activationEvents } from '#shared/activation/events.ts';
import { aCompany, anActivation, approved, submitted } from '#shared/activation/examples.ts';
import { customerEvents } from '#shared/customer/events.ts';
import * as customer from '#shared/customer/examples.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import type { Contract, Instant, MessageOf, Schemas } from '#shared/kernel/message.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { checkpointSchema } from '#shared/platform/checkpoint.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { stationEvents, stationPresenceEvents } from '#shared/station/events.ts';
import * as station from '#shared/station/examples.ts';
import { aThingApi, tokenOf } from '#shared/testing/a-thing-api.ts';
import { inMemoryEventStore } from '#shared/testing/in-memory-event-store.ts';
import { inMemoryKeys } from '#shared/testing/in-memory-keys.ts';
import { meta } from '#shared/testing/recorded.ts';
import { activations } from '../../projections/activation/activations-view.ts';
import { customers } from '../../projections/customer/customers-view.ts';
import { stations } from '../../projections/station/stations-view.ts';
import { prepareView } from '../../projections/view-follower.ts';
import { activationRoutes } from '../../query-api/activation/routes.ts';
import { customerRoutes } from '../../query-api/customer/routes.ts';
import { stationRoutes } from '../../query-api/station/routes.ts';
import { aDatabase } from '../support/a-database.ts';
import { pastIn } from '../support/the-past.ts';

type Body = Readonly<Record<string, unknown>>;

const hash = keyedHash(Buffer.alloc(32, 1));
const minute = (nth: number) => `2026-01-15T12:0${nth}:00.000Z` as Instant;
const mark = (position: bigint, nth: number) => ({ position: String(position), at: minute(nth) });

describe('A thing as it stood', function () {
  this.timeout(90_000);
  const views = [activations, customers, stations];
  const db = aDatabase(async (empty) => {
    await checkpointSchema.up(empty);
    for (const view of views) await prepareView(empty, view);
  });
  let keys: ReturnType<typeof inMemoryKeys>;
  let store: EventStore;
  beforeEach(() => {
    keys = inMemoryKeys();
    store = inMemoryEventStore({ keys });
  });

  /** One event a minute, each by a command of its own; gives their positions. */
  const happened = async <S extends Schemas>(
    stream: string,
    contract: Contract<S>,
    events: readonly MessageOf<S>[],
    from = 0,
  ): Promise<readonly bigint[]> => {
    const positions: bigint[] = [];
    for (const [nth, event] of events.entries()) {
      const { position } = await store.append(stream, contract, [event], {
        expected: nth === 0 ? 'no-stream' : BigInt(nth - 1),
        meta: { ...meta, commandId: `${stream} ${nth}`, at: minute(from + nth) },
      });
      positions.push(position);
    }
    return positions;
  };
  const get = async (path: string, role: Role, claims: object = {}) => {
    const past = pastIn(store);
    const routes = [
      ...activationRoutes(db(), keys, past),
      ...customerRoutes(db(), keys, hash, past),
      ...stationRoutes(db(), past),
    ];
    const answer = await supertest(aThingApi({ routes }).app)
      .get(path)
      .set('Authorization', `Bearer ${tokenOf(role, claims)}`);
    const { status, headers } = answer;
    return { status, headers: headers as Body, body: answer.body as Body };
  };

  describe('an activation', () => {
    let positions: readonly bigint[];
    const path = (asOf: unknown) => `/v1/activations/${anActivation}?asOf=${String(asOf)}`;
    beforeEach(async () => {
      const both = [submitted(), approved()];
      positions = await happened(`activation-${anActivation}`, activationEvents, both);
    });

    it('is shown at a position and at an instant, marked as such, with the tag of then', async () => {
      const [first = 0n, second = 0n] = positions;
      for (const asOf of [first, minute(0), second - 1n]) {
        const { body, headers } = await get(path(asOf), 'analyst');
        expect(body).to.include({ id: anActivation, status: 'PENDING' });
        expect(body['asOf']).to.deep.equal(mark(first, 0));
        expect(headers).to.include({ etag: '"0"' });
      }
      for (const asOf of [second, minute(1), '9223372036854775807']) {
        const { body } = await get(path(asOf), 'analyst');
        expect(body).to.include({ status: 'APPROVED' });
        expect(body['asOf']).to.deep.equal(mark(second, 1));
      }
    });

    it('is not there before it was, nor for those who may not know of it', async () => {
      expect((await get(path('2020-01-01T00:00:00Z'), 'analyst')).status).to.equal(404);
      const others = await get(path(minute(1)), 'partner', { companyId: '77' });
      expect(others.body).to.include({ code: 'activation-not-found' });
      const own = await get(path(minute(1)), 'partner', { companyId: aCompany });
      expect(own.body).to.include({ customerEmail: 'ana@example.com' });
    });

    it('is masked as ever, and an erased person stays erased', async () => {
      expect((await get(path(minute(0)), 'auditor')).body['customerEmail']).to.equal(
        'a***@example.com',
      );
      await keys.destroy((submitted().data as { readonly subjectId: string }).subjectId);
      const scope = { scope: 'personal-data' };
      expect((await get(path(minute(0)), 'analyst', scope)).body['customerEmail']).to.equal(null);
    });

    it('is asked for by nothing but a position or an instant', async () => {
      for (const asOf of ['yesterday', '-1', '2026-01-15', '12345678901234567890'])
        expect((await get(path(asOf), 'analyst')).body).to.include({ code: 'invalid-request' });
    });
  });

  it('is made of all streams that are about it, in the order of the log', async () => {
    const { stationId } = station.registered().data;
    const [first = 0n] = await happened(`station-${stationId}`, stationEvents, [
      station.registered(),
    ]);
    const presence = [station.cameOnline()];
    const stream = `stationPresence-${stationId}`;
    const [second = 0n] = await happened(stream, stationPresenceEvents, presence, 1);
    const then = async (at: bigint) =>
      (await get(`/v1/stations/${stationId}?asOf=${at}`, 'operator')).body;
    expect(await then(first)).not.to.have.property('equipment');
    const online = await then(second);
    expect(online).to.deep.include({ equipment: { online: true, since: station.noon } });
    expect(online['asOf']).to.deep.equal(mark(second, 1));
  });

  it('is nothing any more once a customer was removed', async () => {
    const [{ customerId, subjectId }, events] = [
      customer.registered().data,
      [customer.registered(), customer.renamed()],
    ];
    await happened(`customer-${customerId}`, customerEvents, events);
    const path = `/v1/customers/${customerId}?asOf=${minute(0)}`;
    expect((await get(path, 'customer-app')).status).to.equal(404);
    await db()(customers.table).insert({
      ...{ customer_id: customerId, subject_id: subjectId, name: null, email: null },
      ...{ email_hash: '', position: 0, revision: 1 },
    });
    const { name } = customer.registered().data as { readonly name: string };
    expect((await get(path, 'customer-app')).body).to.include({ name });
  });
});
