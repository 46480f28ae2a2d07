import type { SealRefusal } from '#shared/audit/decider.ts';
import { sealEvents } from '#shared/audit/events.ts';
import { DigestBusy } from '#shared/audit/ports.ts';
import { sealing, type Sealed, type Sealing } from '#shared/audit/sealing.ts';
import { Type } from '#shared/kernel/type.ts';
import { problems, Rejected } from '#shared/platform/http/problem.ts';
import { route, type Answer, type Refusals, type Route } from '#shared/platform/http/route.ts';

const refusals: Refusals<SealRefusal> = {
  'nothing-to-seal': { status: 409, title: 'Nothing has happened yet' },
  'seal-out-of-line': { status: 409, title: 'Another seal was made in between; ask again' },
};

const Seal = Type.Object({
  id: Type.String({ format: 'uuid' }),
  ...sealEvents.schemas.SealMade.properties,
});

const answered = ({ outcome, seal, revision, position }: Sealed): Answer => ({
  status: outcome === 'nothing-new' ? 200 : 201,
  body: seal,
  headers: {
    ETag: `"${revision}"`,
    'Log-Position': String(position),
    ...(outcome !== 'nothing-new' && { Location: `/v1/audit/seals/${seal.id}` }),
    ...(outcome === 'made-before' && { 'Idempotent-Replayed': 'true' }),
  },
});

/** What auditors do: they look at everything, and seal it. */
export const auditRoutes = (deps: Sealing): Route[] => {
  const seal = sealing(deps);

  return [
    route({
      method: 'post',
      path: '/v1/seals',
      summary: 'Seal what has happened since the last seal',
      access: ['auditor', 'operator'],
      answers: { 200: Seal, 201: Seal },
      refusals,
      handle: async ({ asked }) => {
        try {
          const sealed = await seal(asked());
          return sealed.outcome === 'refused' ? sealed : answered(sealed);
        } catch (error) {
          throw error instanceof DigestBusy ? new Rejected(problems.tooManyRequests) : error;
        }
      },
    }),
  ];
};
