import type { ClosedPeriods } from '#shared/conciliation/closed-periods.ts';
import { findingEvents } from '#shared/conciliation/events.ts';
import {
  finding,
  type Finding,
  type FindingCommand,
  type FindingRefusal,
} from '#shared/conciliation/finding.ts';
import { findingIdOf } from '#shared/conciliation/identity.ts';
import type { FindingAmount } from '#shared/conciliation/ports.ts';
import { RESOLUTIONS } from '#shared/conciliation/resolutions.ts';
import { ConciliationId, FindingId, type AccountId } from '#shared/ids.ts';
import type { EventStore } from '#shared/kernel/event-store.ts';
import { commandHandler, type Asked, type Handled } from '#shared/kernel/handle-command.ts';
import { closed, oneOf } from '#shared/kernel/schema.ts';
import { Type } from '#shared/kernel/type.ts';
import { answer } from '#shared/platform/http/command.ts';
import { route, type Refusals, type Route } from '#shared/platform/http/route.ts';
import { PERIOD_CLOSED, unlessClosedIn } from './closed-periods.ts';

export type FindingDeps = {
  readonly eventStore: EventStore;
  readonly findingAmount: FindingAmount;
  /** What one person may write off alone. */
  readonly limitInCents: number;
  readonly closedPeriods: ClosedPeriods;
};

const Seen = closed({
  id: FindingId,
  status: oneOf(['AWAITING_APPROVAL', 'RESOLVED']),
  resolution: oneOf(RESOLUTIONS),
});

type ApproveRefusal = Exclude<FindingRefusal, 'item-not-found' | 'finding-already-resolved'>;
type ResolveRefusal = Exclude<FindingRefusal, 'approval-of-own-request' | 'nothing-to-approve'>;

const toResolve: Refusals<ResolveRefusal> = {
  'item-not-found': { status: 404, title: 'There is no such item at which somebody has to look' },
  'finding-already-resolved': { status: 409, title: 'This was resolved in another way' },
  'period-closed': PERIOD_CLOSED,
};
const toApprove: Refusals<ApproveRefusal> = {
  'approval-of-own-request': {
    status: 409,
    title: 'You asked for it yourself',
    detail: 'A write-off of this amount needs a second person.',
  },
  'nothing-to-approve': { status: 409, title: 'There is no write-off that waits for approval' },
  'period-closed': PERIOD_CLOSED,
};

const shownAs = (id: FindingId) => (state: Finding) => {
  if (state.status === 'OPEN') throw new Error('An accepted resolution left a finding open');
  const { status, resolution } = state;
  return { status: 200, body: { id, status, resolution } };
};

const PATH = '/v1/conciliations/{id}/items/{item}';
const common = {
  method: 'post',
  thing: 'item',
  access: ['operator'],
  params: { id: ConciliationId, item: Type.String({ pattern: '^\\d{1,10}-\\d{1,19}$' }) },
  answers: { 200: Seen },
} as const;

/** Nothing is said of a closed month any more; what was said before is what it was. */
const handlerIn = (eventStore: EventStore, closedPeriods: ClosedPeriods) => {
  const handle = commandHandler(eventStore, 'finding', findingEvents, finding);
  const unlessClosed = unlessClosedIn(eventStore, closedPeriods);
  return (command: FindingCommand, asked: Asked) => {
    const { findingId, conciliationId, at } = command.data;
    return handle(findingId, command, asked, unlessClosed(conciliationId, at));
  };
};

/** What operators do about items on which the two sides do not agree. */
export const findingRoutes = ({
  eventStore,
  findingAmount,
  limitInCents,
  closedPeriods,
}: FindingDeps): Route[] => {
  const handle = handlerIn(eventStore, closedPeriods);
  return [
    route({
      ...common,
      path: `${PATH}/resolve`,
      summary: 'Say what was done about an item on which the two sides do not agree',
      body: closed({
        resolution: oneOf(RESOLUTIONS),
        reason: Type.String({ minLength: 1, maxLength: 500 }),
      }),
      refusals: toResolve,
      handle: async ({ params: { id: conciliationId, item }, body, caller, at, asked }) => {
        const findingId = findingIdOf(conciliationId, item);
        const amountInCents = await findingAmount(conciliationId, item);
        const about = { findingId, conciliationId, item, by: caller.id as AccountId, at };
        const data = { ...about, ...body, amountInCents, limitInCents };
        const handled = await handle({ type: 'ResolveFinding', data }, asked());
        return answer(handled as Handled<Finding, ResolveRefusal>, shownAs(findingId));
      },
    }),
    route({
      ...common,
      path: `${PATH}/approve`,
      summary: 'Allow a write-off that somebody else has asked for',
      refusals: toApprove,
      handle: async ({ params: { id: conciliationId, item }, caller, at, asked }) => {
        const findingId = findingIdOf(conciliationId, item);
        const data = { findingId, conciliationId, item, by: caller.id as AccountId, at };
        const handled = await handle({ type: 'ApproveWriteOff', data }, asked());
        return answer(handled as Handled<Finding, ApproveRefusal>, shownAs(findingId));
      },
    }),
  ];
};
