import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { expect } from 'chai';
import { filterFrom, isInternal } from './filter.ts';
import { encodeRecord } from './record.ts';
import { Refused } from './refusal.ts';

const { FilterOptions } = streams.ReadReq.Options;
type Stated = { readonly prefixes?: string[]; readonly regex?: string };

const expression = ({ prefixes = [], regex = '' }: Stated) =>
  new FilterOptions.Expression().setPrefixList(prefixes).setRegex(regex);
const options = () =>
  new FilterOptions().setCount(new shared.Empty()).setCheckpointintervalmultiplier(1);
const onStream = (stated: Stated) => options().setStreamIdentifier(expression(stated));
const onType = (stated: Stated) => options().setEventType(expression(stated));

const record = (stream: string, type: string) =>
  encodeRecord(
    {
      id: '0190f3a1-5b7e-4c39-9c55-0d8a3f6b1e20',
      type,
      contentType: 'application/json',
      metadata: Buffer.alloc(0),
      data: Buffer.from('{}'),
    },
    { stream, revision: 0, position: 0, created: 0 },
  );
const swap = record('swap-1', 'SwapStarted');
const sale = record('sale-1', 'SaleRefused');
const link = record('$ce-swap', '$>');

const passes = (stated: streams.ReadReq.Options.FilterOptions) =>
  [swap, sale, link].map(filterFrom(stated).matches);

describe('A filter', () => {
  it('takes streams that begin with any of its prefixes', () => {
    expect(passes(onStream({ prefixes: ['swap-', '$ce'] }))).to.deep.equal([true, false, true]);
  });

  it('takes types that begin with a prefix', () => {
    expect(passes(onType({ prefixes: ['Sale'] }))).to.deep.equal([false, true, false]);
  });

  it('takes streams that a regular expression finds, anywhere', () => {
    expect(passes(onStream({ regex: 'wap' }))).to.deep.equal([true, false, true]);
  });

  it('takes types that are not of the system', () => {
    expect(passes(onType({ regex: '^[^$].*' }))).to.deep.equal([true, true, false]);
  });

  it('tells how far it has got every 32 records, unless told otherwise', () => {
    const intervals = [
      onType({ regex: '.' }),
      onType({ regex: '.' }).setCheckpointintervalmultiplier(3),
      onType({ regex: '.' }).setMax(5).setCheckpointintervalmultiplier(2),
    ].map((stated) => filterFrom(stated).checkpointInterval);
    expect(intervals).to.deep.equal([32, 96, 10]);
  });

  for (const [flaw, stated] of [
    ['has nothing to go by', options()],
    ['has a regular expression that is none', onType({ regex: '(' })],
    ['never tells how far it has got', onType({ regex: '.' }).setCheckpointintervalmultiplier(0)],
  ] as const)
    it(`is refused when it ${flaw}`, () => {
      expect(() => filterFrom(stated)).to.throw(Refused);
    });
});

describe('What no subscription to everything gets', () => {
  for (const [stream, type, hidden] of [
    ['$epoch-information', '$epoch-information', true],
    ['$persistentsubscription-$all::group-checkpoint', '$SubscriptionCheckpoint', true],
    ['$persistentsubscription-$all::group-parked', '$>', true],
    ['$persistentsubscription-swap-1::group-checkpoint', '$SubscriptionCheckpoint', false],
    ['$$swap-1', '$metadata', false],
    ['swap-1', '$epoch-information', false],
  ] as const)
    it(`${hidden ? 'includes' : 'does not include'} ${type} in ${stream}`, () => {
      expect(isInternal(record(stream, type))).to.equal(hidden);
    });
});
