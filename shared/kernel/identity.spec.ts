import { expect } from 'chai';
import fc from 'fast-check';
import { v5 } from 'uuid';
import { derivedId, eventId, fingerprint } from './identity.ts';

const command = { commandId: 'a', fingerprint: 'x' };

describe('A derived identity', () => {
  it('is the same for the same name, for ever', () => {
    expect(derivedId('activation', 'a')).to.equal('60b92a08-7d36-5947-8ca0-b15b3babe239');
  });

  it('is what others call version 5 of its name', () => {
    const ours = 'a6f1d3c2-5b7e-4c39-9c55-0d8a3f6b1e20';
    const names = fc.array(fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(names, (name) => derivedId(...name) === v5(JSON.stringify(name), ours)),
      { numRuns: 1_000 },
    );
  });

  it('tells names apart that look alike when written in one', () => {
    expect(derivedId('a', 'b')).not.to.equal(derivedId('a","b'));
    expect(derivedId('a', 'b')).not.to.equal(derivedId('ab'));
  });

  it('is another for each event: by command, body, stream and place', () => {
    const ids = [
      eventId(command, 'thing-1', 0),
      eventId(command, 'thing-1', 1),
      eventId(command, 'thing-2', 0),
      eventId({ ...command, commandId: 'b' }, 'thing-1', 0),
      eventId({ ...command, fingerprint: 'y' }, 'thing-1', 0),
    ];
    expect(new Set(ids).size).to.equal(ids.length);
    expect(eventId(command, 'thing-1', 0)).to.equal(ids[0]);
  });
});

describe('The fingerprint of a body', () => {
  it('does not depend on the order of its keys, however deep', () => {
    const one = fingerprint({ a: 1, b: { c: [1, { d: 2, e: 3 }] } }, 'key');
    expect(fingerprint({ b: { c: [1, { e: 3, d: 2 }] }, a: 1 }, 'key')).to.equal(one);
  });

  it('depends on all the rest', () => {
    const prints = [
      fingerprint({ a: [1, 2] }, 'key'),
      fingerprint({ a: [2, 1] }, 'key'),
      fingerprint({ a: ['1', 2] }, 'key'),
      fingerprint({ a: [1, 2] }, 'another key'),
      fingerprint(undefined, 'key'),
      fingerprint({}, 'key'),
    ];
    expect(new Set(prints).size).to.equal(prints.length);
    expect(fingerprint(undefined, 'key')).to.equal(fingerprint(null, 'key'));
  });
});
