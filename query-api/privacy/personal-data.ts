import type { Knex } from 'knex';
import { customersView } from '#shared/customer/view.ts';
import { favouritesView } from '#shared/favourite/view.ts';
import { CustomerId, ResellerId } from '#shared/ids.ts';
import { Instant } from '#shared/kernel/message.ts';
import { Type } from '#shared/kernel/type.ts';
import { route, type Answer, type Route } from '#shared/platform/http/route.ts';
import type { HeldIn } from '#shared/privacy/ports.ts';
import { purchasesView } from '#shared/purchase/view.ts';
import { resellersView } from '#shared/reseller/view.ts';
import { salesView } from '#shared/sale/view.ts';
import { streamsOfCustomer, streamsOfReseller } from './streams.ts';

/** An answer reads no more streams than these; "lastro privacy export" knows no such limit. */
const MOST_STREAMS = 5_000;

/** Everything that is on record about somebody, as it stands in the log, in clear. */
const PersonalData = Type.Object({
  /** Of whom: the id that was asked for. */
  id: Type.String(),
  /** False when there is more than one answer holds: ask the operators for an export. */
  complete: Type.Boolean(),
  events: Type.Array(
    Type.Object({
      stream: Type.String(),
      revision: Type.Integer(),
      type: Type.String(),
      at: Instant,
      data: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
});

type Streams = typeof streamsOfCustomer;

/** Where to look the views say; what is held is read from the log. Nothing for nobody. */
const reading =
  (db: Knex, heldIn: HeldIn, mostStreams: number) =>
  async (streamsOf: Streams, id: string): Promise<Answer | undefined> => {
    const streams = await streamsOf(db, id, mostStreams + 1);
    if (!streams) return undefined;
    const events = await heldIn(streams.slice(0, mostStreams));
    return { status: 200, body: { id, complete: streams.length <= mostStreams, events } };
  };

export const personalDataRoutes = (
  db: Knex,
  heldIn: HeldIn,
  { mostStreams = MOST_STREAMS } = {},
): Route[] => {
  const read = reading(db, heldIn, mostStreams);
  const answers = { 200: PersonalData };
  const ofReseller = {
    method: 'get',
    answers,
    reads: [resellersView, purchasesView, salesView],
    refusals: { 'reseller-not-found': { status: 404, title: 'No such reseller' } },
  } as const;
  const noReseller = { outcome: 'refused', reason: 'reseller-not-found' } as const;

  return [
    route({
      method: 'get',
      path: '/v1/customers/{id}/personal-data',
      summary: 'Everything that is held about a customer',
      thing: 'customer',
      access: ['customer-app'],
      params: { id: CustomerId },
      reads: [customersView, favouritesView],
      answers,
      refusals: { 'customer-not-found': { status: 404, title: 'No such customer' } },
      handle: async ({ params: { id } }) =>
        (await read(streamsOfCustomer, id)) ?? { outcome: 'refused', reason: 'customer-not-found' },
    }),
    route({
      ...ofReseller,
      path: '/v1/resellers/me/personal-data',
      summary: 'Everything that is held about you',
      access: ['reseller'],
      handle: async ({ caller }) => (await read(streamsOfReseller, caller.id)) ?? noReseller,
    }),
    route({
      ...ofReseller,
      path: '/v1/resellers/{id}/personal-data',
      summary: 'Everything that is held about a reseller',
      thing: 'reseller',
      access: ['operator'],
      params: { id: ResellerId },
      handle: async ({ params: { id } }) => (await read(streamsOfReseller, id)) ?? noReseller,
    }),
  ];
};
