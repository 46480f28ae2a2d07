import type { Knex } from 'knex';
import { resellerFold } from '#shared/reseller/fold.ts';
import { resellersView, type ResellerRow } from '#shared/reseller/view.ts';
import { ResellerId } from '#shared/ids.ts';
import type { Moment, StoodAt } from '#shared/kernel/fold.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { Type } from '#shared/kernel/type.ts';
import { asOfMark, asOfParameter, foundAt, shownAt } from '#shared/platform/http/as-of.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { openResellers, resellerById } from './queries.ts';

/** `null` once the person was erased. */
const Personal = Type.Union([Type.String(), Type.Null()]);

const Reseller = Type.Object({
  id: ResellerId,
  fullName: Personal,
  /** Eleven digits. */
  cpf: Personal,
  email: Personal,
  ...asOfMark,
});

const resellerOf = ({ reseller_id: id, full_name: fullName, cpf, email }: ResellerRow) => ({
  ...{ id, fullName, cpf, email },
});

export const resellerRoutes = (db: Knex, keys: PersonalKeys, past: StoodAt): Route[] => [
  route({
    method: 'get',
    path: '/v1/resellers/me',
    summary: 'Who you are registered as',
    access: ['reseller'],
    reads: [resellersView],
    query: asOfParameter,
    answers: { 200: Reseller },
    refusals: { 'reseller-not-found': { status: 404, title: 'You are no reseller' } },
    handle: async ({ caller: { id }, query: { asOf } }) => {
      const now = await resellerById(db, id);
      const then = (moment: Moment) => past(resellerFold, id, moment);
      // Whoever was erased has no past either.
      const found = now && (await foundAt(asOf, () => Promise.resolve(now), then));
      const [opened] = found ? await openResellers(keys, [found.row]) : [];
      if (!found || !opened) return { outcome: 'refused', reason: 'reseller-not-found' };
      return shownAt(resellerOf(opened), found);
    },
  }),
];
