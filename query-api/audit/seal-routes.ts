import { sealEvents } from '#shared/audit/events.ts';
import {
  DigestBusy,
  type Digest,
  type DigestLog,
  type SealedStretch,
} from '#shared/audit/ports.ts';
import { BEGINNING } from '#shared/kernel/event-store.ts';
import type { StoredLog } from '#shared/kernel/stored-log.ts';
import { Type } from '#shared/kernel/type.ts';
import { problems, Rejected } from '#shared/platform/http/problem.ts';
import { cursorOf, listOf, listParameters, page, shown } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { sealById, sealsBefore, shownSeal } from './seals.ts';

const Uuid = Type.String({ format: 'uuid' });
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Seal = Type.Object({
  id: Uuid,
  ...sealEvents.schemas.SealMade.properties,
  /** When it was made. */
  at: Type.Union([Type.String(), Type.Null()]),
});
const Proof = Type.Object({
  event: Type.String(),
  leaf: Hash,
  index: Type.Integer({ minimum: 0 }),
  size: Type.Integer({ minimum: 1 }),
  path: Type.Array(Hash),
  root: Hash,
  seal: Uuid,
});

const place = cursorOf(Type.Object({ revision: Type.String({ pattern: '^\\d{1,18}$' }) }));
const unknownSeal = { 'seal-not-found': { status: 404, title: 'No such seal' } } as const;

const digested = async (digest: DigestLog, stretch: SealedStretch): Promise<Digest> => {
  try {
    return await digest(stretch);
  } catch (error) {
    throw error instanceof DigestBusy ? new Rejected(problems.tooManyRequests) : error;
  }
};

const proofRoute = (log: StoredLog, digest: DigestLog): Route =>
  route({
    method: 'get',
    path: '/v1/audit/seals/{id}/proof',
    summary: 'Proof that an event is under a seal, as RFC 6962 has it',
    thing: 'seal',
    access: ['auditor'],
    params: { id: Uuid },
    query: { event: Uuid },
    answers: { 200: Proof },
    refusals: {
      ...unknownSeal,
      'event-not-found': { status: 404, title: 'No such event under this seal' },
      'seal-broken': {
        status: 409,
        title: 'The log is not what was sealed',
        detail: 'Run "lastro audit verify": it says which seals do not hold.',
      },
    },
    handle: async ({ params: { id }, query: { event } }) => {
      const seal = await sealById(log, id);
      if (!seal) return { outcome: 'refused', reason: 'seal-not-found' };
      const after = seal.from === null ? BEGINNING : BigInt(seal.from);
      const stretch = { after, upTo: BigInt(seal.to), event };
      const { root, events: size, inclusion } = await digested(digest, stretch);
      if (root !== seal.root) return { outcome: 'refused', reason: 'seal-broken' };
      if (!inclusion) return { outcome: 'refused', reason: 'event-not-found' };
      return { status: 200, body: { event, ...inclusion, size, root, seal: id } };
    },
  });

export const sealRoutes = (log: StoredLog, digest: DigestLog): Route[] => [
  route({
    method: 'get',
    path: '/v1/audit/seals',
    summary: 'Seals, newest first',
    access: ['auditor'],
    query: listParameters,
    answers: { 200: listOf(Seal) },
    refusals: {},
    handle: async ({ query: { limit, cursor } }) => {
      const before = place.read(cursor)?.revision;
      const seals = await sealsBefore(
        log,
        limit + 1,
        before === undefined ? undefined : BigInt(before),
      );
      return page(seals, limit, shownSeal, ({ revision }) =>
        place.write({ revision: String(revision) }),
      );
    },
  }),
  route({
    method: 'get',
    path: '/v1/audit/seals/{id}',
    summary: 'One seal',
    thing: 'seal',
    access: ['auditor'],
    params: { id: Uuid },
    answers: { 200: Seal },
    refusals: unknownSeal,
    handle: async ({ params: { id } }) => {
      const seal = await sealById(log, id);
      if (!seal) return { outcome: 'refused', reason: 'seal-not-found' };
      return shown(shownSeal(seal), seal.revision);
    },
  }),
  proofRoute(log, digest),
];
