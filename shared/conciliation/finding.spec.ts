import { specFor } from '#shared/testing/spec-for.ts';
import type { AccountId } from '#shared/ids.ts';
import type { FindingEvent } from './events.ts';
import { aConciliation, anOperator, noon } from './examples.ts';
import { finding, type FindingCommand } from './finding.ts';
import { findingIdOf } from './identity.ts';
import type { Resolution } from './resolutions.ts';

const another = '5d0b2a52-3c5e-5a0e-9d0a-0000000005f2' as AccountId;
const item = '4-0';
const about = { findingId: findingIdOf(aConciliation, item), conciliationId: aConciliation, item };
const reason = 'The partner credited it in February';
const LIMIT = 10_000;

const resolve = (resolution: Resolution, amountInCents: number | undefined): FindingCommand => ({
  type: 'ResolveFinding',
  data: {
    ...{ ...about, by: anOperator, at: noon, resolution, reason },
    ...{ amountInCents, limitInCents: LIMIT },
  },
});
const approve = (by: AccountId): FindingCommand => ({
  type: 'ApproveWriteOff',
  data: { ...about, by, at: noon },
});
const resolved = (resolution: Resolution, amountInCents: number): FindingEvent => ({
  type: 'FindingResolved',
  data: { ...about, by: anOperator, at: noon, resolution, reason, amountInCents },
});
const requested: FindingEvent = {
  type: 'WriteOffRequested',
  data: { ...about, by: anOperator, at: noon, reason, amountInCents: LIMIT + 1 },
};
const approved: FindingEvent = {
  type: 'WriteOffApproved',
  data: { ...about, by: another, at: noon },
};

describe('A finding', () => {
  it('is resolved once, with a reason', () => {
    for (const resolution of ['RESENT', 'SETTLED', 'EXPLAINED'] as const)
      specFor(finding)
        .given()
        .when(resolve(resolution, LIMIT + 1))
        .then(resolved(resolution, LIMIT + 1));
    specFor(finding).given(resolved('SETTLED', 1)).when(resolve('SETTLED', 1)).then();
    specFor(finding)
      .given(resolved('SETTLED', 1))
      .when(resolve('EXPLAINED', 1))
      .thenRefused('finding-already-resolved');
  });

  it('is none where nobody has to look', () => {
    specFor(finding).given().when(resolve('EXPLAINED', undefined)).thenRefused('item-not-found');
  });

  it('is written off by one person alone up to a limit', () => {
    specFor(finding)
      .given()
      .when(resolve('WRITTEN_OFF', LIMIT))
      .then(resolved('WRITTEN_OFF', LIMIT));
  });

  it('waits above the limit for somebody else, who is never the one who asked', () => {
    specFor(finding)
      .given()
      .when(resolve('WRITTEN_OFF', LIMIT + 1))
      .then(requested);
    specFor(finding)
      .given(requested)
      .when(approve(anOperator))
      .thenRefused('approval-of-own-request');
    specFor(finding).given(requested).when(approve(another)).then(approved);
    specFor(finding).given(requested, approved).when(approve(anOperator)).then();
  });

  it('has nothing to be approved where nothing large was written off', () => {
    specFor(finding).given().when(approve(another)).thenRefused('nothing-to-approve');
    specFor(finding)
      .given(resolved('SETTLED', 1))
      .when(approve(another))
      .thenRefused('nothing-to-approve');
  });
});
