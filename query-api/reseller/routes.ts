import type { Knex } from 'knex';
import { resellersView } from '#shared/reseller/view.ts';
import { ResellerId } from '#shared/ids.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';
import { shown } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { resellerOf } from './queries.ts';

/** `null` once the person was erased. */
const Personal = Type.Union([Type.String(), Type.Null()]);

const Reseller = Type.Object({
  id: ResellerId,
  fullName: Personal,
  /** Eleven digits. */
  cpf: Personal,
  email: Personal,
});

export const resellerRoutes = (db: Knex, keys: PersonalKeys): Route[] => [
  route({
    method: 'get',
    path: '/v1/resellers/me',
    summary: 'Who you are registered as',
    access: ['reseller'],
    reads: [resellersView],
    answers: { 200: Reseller },
    refusals: { 'reseller-not-found': { status: 404, title: 'You are no reseller' } },
    handle: async ({ caller }) => {
      const row = await resellerOf(db, keys, caller.id);
      if (!row) return { outcome: 'refused', reason: 'reseller-not-found' };
      const { reseller_id: id, full_name: fullName, cpf, email, revision } = row;
      return shown({ id, fullName, cpf, email }, revision);
    },
  }),
];
