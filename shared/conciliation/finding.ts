import type { AccountId, ConciliationId, FindingId, SaleId } from '#shared/ids.ts';
import { accept, refuse, type Decider, type Decision } from '#shared/kernel/decider.ts';
import type { Instant, Message, Named } from '#shared/kernel/message.ts';
import type { FindingEvent } from './events.ts';
import type { Resolution } from './resolutions.ts';

type OnFinding = {
  readonly findingId: FindingId;
  readonly conciliationId: ConciliationId;
  readonly item: string;
  readonly by: AccountId;
  readonly at: Instant;
};

export type FindingCommand =
  | Message<
      'ResolveFinding',
      OnFinding & {
        readonly resolution: Resolution;
        readonly reason: string;
        /** What it is about, without a sign; nothing where nobody has to look. */
        readonly amountInCents: number | undefined;
        /** What may be written off by one person alone. */
        readonly limitInCents: number;
        readonly settles?: { readonly saleId: SaleId; readonly partnerId?: string };
      }
    >
  | Message<'ApproveWriteOff', OnFinding>;

export type Finding =
  | { readonly status: 'OPEN' }
  | {
      readonly status: 'AWAITING_APPROVAL' | 'RESOLVED';
      readonly resolution: Resolution;
      readonly by: AccountId;
    };

export type FindingRefusal =
  | 'item-not-found'
  | 'finding-already-resolved'
  | 'approval-of-own-request'
  | 'nothing-to-approve'
  | 'period-closed';

type Outcome = Decision<FindingEvent, FindingRefusal>;

const resolve = (
  { data: { amountInCents, limitInCents, ...data } }: Named<FindingCommand, 'ResolveFinding'>,
  finding: Finding,
): Outcome => {
  if (amountInCents === undefined) return refuse('item-not-found');
  if (finding.status !== 'OPEN')
    return finding.resolution === data.resolution ? accept() : refuse('finding-already-resolved');
  const { resolution, findingId, conciliationId, item, by, at, reason } = data;
  if (resolution === 'WRITTEN_OFF' && amountInCents > limitInCents) {
    const request = { findingId, conciliationId, item, by, at, reason, amountInCents };
    return accept({ type: 'WriteOffRequested', data: request });
  }
  return accept({ type: 'FindingResolved', data: { ...data, amountInCents } });
};

/** Four eyes: whoever asked for it cannot be the one who allows it. */
const approve = ({ data }: Named<FindingCommand, 'ApproveWriteOff'>, finding: Finding): Outcome => {
  if (finding.status === 'OPEN') return refuse('nothing-to-approve');
  if (finding.status === 'RESOLVED')
    return finding.resolution === 'WRITTEN_OFF' ? accept() : refuse('nothing-to-approve');
  return finding.by === data.by
    ? refuse('approval-of-own-request')
    : accept({ type: 'WriteOffApproved', data });
};

/** What somebody did about what both sides do not agree on. */
export const finding: Decider<Finding, FindingCommand, FindingEvent, FindingRefusal> = {
  initialState: { status: 'OPEN' },
  decide: (command, state) => {
    switch (command.type) {
      case 'ResolveFinding':
        return resolve(command, state);
      case 'ApproveWriteOff':
        return approve(command, state);
    }
  },
  evolve: (state, { type, data }) => {
    switch (type) {
      case 'FindingResolved':
        return { status: 'RESOLVED', resolution: data.resolution, by: data.by };
      case 'WriteOffRequested':
        return { status: 'AWAITING_APPROVAL', resolution: 'WRITTEN_OFF', by: data.by };
      case 'WriteOffApproved':
        return state.status === 'OPEN' ? state : { ...state, status: 'RESOLVED' };
    }
  },
};
