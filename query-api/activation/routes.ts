import type { Knex } from 'knex';
import { activationFold } from '#shared/activation/fold.ts';
import { activationsView, type ActivationRow } from '#shared/activation/view.ts';
import { AccountId, ActivationId, CompanyId, CustomerMid } from '#shared/ids.ts';
import { maskedEmail } from '#shared/kernel/masking.ts';
import type { Moment, StoodAt } from '#shared/kernel/fold.ts';
import { Instant } from '#shared/kernel/message.ts';
import type { PersonalKeys } from '#shared/kernel/personal.ts';
import { oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { PERSONAL_DATA, type Caller } from '#shared/platform/http/caller.ts';
import { asOfMark, asOfParameter, foundAt, shownAt } from '#shared/platform/http/as-of.ts';
import { cursorOf, listOf, listParameters, page } from '#shared/platform/http/query.ts';
import { route, type Route } from '#shared/platform/http/route.ts';
import { openRows, type SealedColumns } from '#shared/platform/open-rows.ts';
import { activationById, activationsSeenBy, isSeenBy, type Sight } from './queries.ts';

const Status = oneOf(['PENDING', 'APPROVED', 'REJECTED', 'CANCELLED']);

const Activation = Type.Object({
  id: ActivationId,
  status: Status,
  companyId: CompanyId,
  requestedBy: Type.Object({ userId: AccountId, companyId: Type.Optional(CompanyId) }),
  customerMid: CustomerMid,
  /** `m***@example.com` for those who may not see it; `null` once the person was erased. */
  customerEmail: Type.Union([Type.String(), Type.Null()]),
  product: Type.String(),
  reason: Type.Optional(Type.String()),
  submittedAt: Instant,
  decidedAt: Type.Optional(Instant),
  decidedBy: Type.Optional(AccountId),
});
const OneActivation = Type.Object({ ...Activation.properties, ...asOfMark });

const place = cursorOf(Type.Object({ position: Type.String({ pattern: '^\\d{1,19}$' }) }));

const SEALED: SealedColumns<ActivationRow> = {
  subject: 'subject_id',
  fields: [['customer_email', 'customerEmail']],
};

const sightOf = ({ role, companyId }: Caller): Sight =>
  role === 'partner' ? { company: companyId ?? '' } : 'everything';

/** A partner sees the people of its own requests, and no others come before it. */
const emailFor = ({ role, scopes }: Caller, email: string | null): string | null =>
  email === null || role === 'partner' || scopes.has(PERSONAL_DATA) ? email : maskedEmail(email);

const activationFor = (caller: Caller) => (row: ActivationRow) => ({
  id: row.activation_id,
  status: row.status,
  companyId: row.company_id,
  requestedBy: {
    userId: row.requested_by_user,
    ...(row.requested_by_company !== null && { companyId: row.requested_by_company }),
  },
  customerMid: row.customer_mid,
  customerEmail: emailFor(caller, row.customer_email),
  product: row.product,
  ...(row.reason !== null && { reason: row.reason }),
  submittedAt: row.submitted_at.toISOString(),
  ...(row.decided_at && { decidedAt: row.decided_at.toISOString() }),
  ...(row.decided_by !== null && { decidedBy: row.decided_by }),
});

export const activationRoutes = (db: Knex, keys: PersonalKeys, past: StoodAt): Route[] => {
  const common = {
    method: 'get',
    access: ['partner', 'analyst', 'auditor'],
    reads: [activationsView],
  } as const;
  const open = (rows: readonly ActivationRow[]) => openRows(keys, SEALED, rows);

  return [
    route({
      ...common,
      path: '/v1/activations',
      summary: 'Activations, newest first',
      query: {
        ...listParameters,
        status: Type.Optional(Status),
        companyId: Type.Optional(CompanyId),
        customerMid: Type.Optional(CustomerMid),
      },
      answers: { 200: listOf(Activation) },
      refusals: {},
      handle: async ({ caller, query: { limit, cursor, ...filter } }) => {
        const before = place.read(cursor)?.position;
        const wanted = { limit: limit + 1, before };
        const rows = await activationsSeenBy(db, sightOf(caller), filter, wanted);
        return page(await open(rows), limit, activationFor(caller), ({ position }) =>
          place.write({ position }),
        );
      },
    }),
    route({
      ...common,
      path: '/v1/activations/{id}',
      summary: 'One activation',
      thing: 'activation',
      params: { id: ActivationId },
      query: asOfParameter,
      answers: { 200: OneActivation },
      refusals: { 'activation-not-found': { status: 404, title: 'No such activation' } },
      handle: async ({ caller, params: { id }, query: { asOf } }) => {
        const then = (moment: Moment) => past(activationFold, id, moment);
        const found = await foundAt(asOf, () => activationById(db, id), then);
        const isSeen = found && isSeenBy(sightOf(caller), found.row);
        const [opened] = isSeen ? await open([found.row]) : [];
        if (!found || !opened) return { outcome: 'refused', reason: 'activation-not-found' };
        return shownAt(activationFor(caller)(opened), found);
      },
    }),
  ];
};
