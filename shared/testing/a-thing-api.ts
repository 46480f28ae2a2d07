import { generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import supertest from 'supertest';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler } from '#shared/kernel/handle-command.ts';
import { derivedId } from '#shared/kernel/identity.ts';
import type { Instant } from '#shared/kernel/message.ts';
import { closed } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { httpApp, type HttpApp, type Observed } from '#shared/platform/http/app.ts';
import type { Role } from '#shared/platform/http/caller.ts';
import { answer } from '#shared/platform/http/command.ts';
import { cursorOf, listOf, listParameters, page, shown } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { ALGORITHM, AUDIENCE, ISSUER, jwkOf, verifier } from '#shared/platform/http/token.ts';
import { logger } from '#shared/platform/log.ts';
import { thing, thingEvents, type Thing } from './a-thing.ts';
import { inMemoryEventStore } from './in-memory-event-store.ts';

// Routes over things, so that the conventions of HTTP are specified without the business.

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { kid } = jwkOf(publicKey);
const verify = verifier([publicKey]);
const LONGEST_NOTE = 4_096;

export const noon = '2026-01-15T12:00:00.000Z' as Instant;

/** A good access token; `claims` makes it another one. */
export const tokenOf = (role: Role, claims: object = {}): string =>
  jwt.sign(
    { role, scope: '', jti: 'a-token', sub: derivedId('account', role), ...claims },
    privateKey,
    { algorithm: ALGORITHM, keyid: kid, issuer: ISSUER, audience: AUDIENCE, expiresIn: '15m' },
  );

const ThingId = Type.String({ minLength: 1, maxLength: 64 });
const Shown = closed({ id: ThingId, size: Type.Integer() });
const named = { id: ThingId };
const refusals = {
  'thing-unknown': { status: 404, title: 'No such thing' },
  'thing-of-another-size': { status: 409, title: 'It is of another size' },
};

const commands = (eventStore: EventStore): Route[] => {
  const handle = commandHandler(eventStore, 'thing', thingEvents, thing);
  const show = (id: string, status: number) => (state: Thing) => ({
    status,
    body: { id, size: state.size },
    ...(status === 201 && { location: `/v1/things/${id}` }),
  });

  return [
    route({
      method: 'post',
      path: '/v1/things',
      summary: 'Make a thing',
      access: ['partner'],
      body: closed({
        size: Type.Integer({ minimum: 1 }),
        note: Type.Optional(Type.String({ maxLength: LONGEST_NOTE })),
        labels: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      }),
      answers: { 201: Shown },
      refusals,
      handle: async ({ body, asked }) => {
        const command = asked();
        const id = derivedId('thing', command.meta.commandId);
        const data = { thingId: id, size: body.size };
        return answer(await handle(id, { type: 'MakeThing', data }, command), show(id, 201));
      },
    }),
    route({
      method: 'post',
      path: '/v1/things/{id}/break',
      summary: 'Break a thing',
      thing: 'thing',
      access: ['analyst', 'operator'],
      params: named,
      answers: { 200: Shown },
      refusals,
      handle: async ({ params: { id }, asked }) => {
        const data = { thingId: id };
        return answer(await handle(id, { type: 'BreakThing', data }, asked()), show(id, 200));
      },
    }),
  ];
};

type Row = { readonly id: string; readonly size: number };

const cursor = cursorOf(Type.Object({ id: ThingId }));

const queries = (rows: readonly Row[]): Route[] => [
  route({
    method: 'get',
    path: '/v1/things',
    summary: 'The things there are',
    access: ['partner', 'auditor'],
    query: { ...listParameters, size: Type.Optional(Type.Integer()) },
    reads: ['things'],
    answers: { 200: listOf(Shown) },
    refusals: {},
    handle: ({ query: { limit, size, cursor: after } }) => {
      const last = cursor.read(after)?.id ?? '';
      const found = rows.filter((row) => row.id > last && (size ?? row.size) === row.size);
      const read = found.slice(0, limit + 1);
      return Promise.resolve(page(read, limit, (row) => row, cursor.write));
    },
  }),
  route({
    method: 'get',
    path: '/v1/things/{id}',
    summary: 'One thing',
    thing: 'thing',
    access: 'anyone',
    params: named,
    reads: ['things'],
    answers: { 200: Shown },
    refusals,
    handle: ({ params: { id } }) => {
      const row = rows.find((one) => one.id === id);
      return Promise.resolve(
        row ? shown(row, 3) : ({ outcome: 'refused', reason: 'thing-unknown' } as const),
      );
    },
  }),
];

export const thingRoutes = (
  eventStore: EventStore = inMemoryEventStore(),
  rows: readonly Row[] = [],
): Route[] => [...commands(eventStore), ...queries(rows)];

/** A server over things; whatever is not said is as harmless as can be. */
export const aThingApi = ({
  eventStore,
  rows,
  ...spec
}: Partial<HttpApp> & {
  readonly eventStore?: EventStore;
  readonly rows?: readonly Row[];
} = {}) => {
  const observed: Observed[] = [];
  const app = httpApp({
    routes: thingRoutes(eventStore, rows),
    log: logger('spec', 'silent'),
    clock: () => noon,
    verify,
    isDisabled: () => false,
    reached: () => Promise.resolve(true),
    requestsPerSecond: 10_000,
    corsOrigins: [],
    observe: (request) => observed.push(request),
    ...spec,
  });
  const as = (role: Role) => supertest.agent(app).set('Authorization', `Bearer ${tokenOf(role)}`);
  return { app, observed, as, anybody: supertest(app) };
};
