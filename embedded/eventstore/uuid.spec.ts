import shared from '@eventstore/db-client/generated/shared_pb.js';
import { expect } from 'chai';
import { Refused } from './refusal.ts';
import { ensureEventId, uuidBytes, uuidFrom, uuidText } from './uuid.ts';

const ID = 'f190f3a1-5b7e-4c39-9c55-0d8a3f6b1e20';
const text = (value: string) => new shared.UUID().setString(value);
const halves = (most: string, least: string) =>
  new shared.UUID().setStructured(
    new shared.UUID.Structured().setMostSignificantBits(most).setLeastSignificantBits(least),
  );

describe('The id of an event', () => {
  it('is the same in both of its forms', () => {
    const bytes = uuidBytes(ID);
    const [most, least] = [bytes.readBigInt64BE(0), bytes.readBigInt64BE(8)];
    expect(most < 0n && least < 0n, 'both halves with the sign bit').to.equal(true);
    expect(uuidFrom(halves(String(most), String(least)))).to.equal(ID);
    expect(uuidFrom(text(ID.toUpperCase()))).to.equal(ID);
    expect(uuidText(bytes)).to.equal(ID);
  });

  for (const [flaw, id] of [
    ['missing', undefined],
    ['empty', text('')],
    ['all zeros', text('00000000-0000-0000-0000-000000000000')],
    ['all zeros in two halves', halves('0', '0')],
    ['something else', text('event-1')],
  ] as const)
    it(`is refused when it is ${flaw}`, () => {
      expect(() => {
        ensureEventId(uuidFrom(id));
      }).to.throw(Refused);
    });
});
