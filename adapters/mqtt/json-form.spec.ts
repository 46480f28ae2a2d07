import { expect } from 'chai';
import fc from 'fast-check';
import type { StationId } from '#shared/ids.ts';
import { aStation, aSwap } from '#shared/swap/examples.ts';
import { jsonReply, jsonRequest } from './json-form.ts';
import { LONGEST_REPLY_BYTES } from './replies.ts';

const OTHER = '5d0b2a52-3c5e-5a0e-9d0a-000000000502' as StationId;
const good = { correlationId: aSwap, station: aStation, verdict: 'confirm' };
const heard = (reply: unknown, correlationData?: Buffer) =>
  jsonReply(Buffer.from(typeof reply === 'string' ? reply : JSON.stringify(reply)), {
    ...{ from: aStation, correlationData },
  });
const garbled = { swapId: aSwap, from: aStation, says: 'garbled' };

describe('The JSON form', () => {
  it('asks with a correlation id, and says which station is meant', () => {
    const request = { swapId: aSwap, number: 14, stationId: aStation };
    expect(JSON.parse(jsonRequest(request))).to.deep.equal({
      ...{ type: 'transaction', correlationId: aSwap, number: 14, station: aStation },
    });
  });

  it('understands both verdicts, and does not mind if more is said', () => {
    const about = { swapId: aSwap, from: aStation };
    expect(heard(good)).to.deep.equal({ ...about, says: 'confirm' });
    expect(heard({ ...good, verdict: 'error', battery: 98 })).to.deep.equal({
      ...{ ...about, says: 'error' },
    });
    expect(heard(good, Buffer.from(aSwap))).to.deep.equal({ ...about, says: 'confirm' });
  });

  it('does not believe what contradicts itself, but knows what it is about', () => {
    for (const reply of [
      ...[{ ...good, station: OTHER }, { ...good, verdict: 'maybe' }, { correlationId: aSwap }],
      { correlationId: aSwap, verdict: 'confirm' },
    ])
      expect(heard(reply), JSON.stringify(reply)).to.deep.equal(garbled);
    expect(heard(good, Buffer.from('another'))).to.deep.equal(garbled);
  });

  it('makes nothing of what names no transaction', () => {
    for (const reply of [
      ...[
        '',
        '{',
        'null',
        '[]',
        '"confirm"',
        'confirm transaction {14}',
        {},
        { verdict: 'confirm' },
      ],
      ...[
        { ...good, correlationId: 14 },
        { ...good, correlationId: OTHER },
      ],
      JSON.stringify(good) + ' '.repeat(LONGEST_REPLY_BYTES),
    ])
      expect(heard(reply), JSON.stringify(reply)).to.equal(undefined);
  });

  it('takes no garbage for a verdict', () => {
    fc.assert(
      fc.property(fc.json(), (json) => heard(json) === undefined),
      { seed: 1 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(jsonReply(Buffer.from(bytes), { from: aStation })).to.equal(undefined);
      }),
      { seed: 1 },
    );
  });
});
