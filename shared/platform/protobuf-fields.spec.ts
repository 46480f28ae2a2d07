import { expect } from 'chai';
import { eachField, exactly } from './protobuf-fields.ts';

const LARGEST_UINT64 = '0801ffffffffffffffffff01';

const fieldsOf = (bytes: Buffer) => {
  const fields: [field: number, content: string, value: number][] = [];
  eachField(bytes, 0, bytes.length, (field, from, to, value) =>
    fields.push([field, bytes.toString('latin1', from, to), value]),
  );
  return fields;
};

describe('The fields of a message', () => {
  it('are those that were written, in their order', () => {
    const [first, largest, zero] = ['0a056669727374', '10ffffffffffffff0f', '1800'];
    const long = ['827dac02', Buffer.from('x'.repeat(300)).toString('hex')];
    const fields = fieldsOf(Buffer.from([first, largest, zero, ...long].join(''), 'hex'));
    expect(fields.map(([field]) => field)).to.deep.equal([1, 2, 3, 2_000]);
    expect(fields[0]?.[1]).to.equal('first');
    expect(fields[1]?.[2]).to.equal(Number.MAX_SAFE_INTEGER);
    expect(fields[2]?.[2]).to.equal(0);
    expect(fields[3]?.[1]).to.have.length(300);
  });

  it('may be of kinds that nobody asks for', () => {
    const eightBytes = Buffer.from('090102030405060708', 'hex');
    const fourBytes = Buffer.from('1501020304', 'hex');
    const last = Buffer.from('1801', 'hex');
    const fields = fieldsOf(Buffer.concat([eightBytes, fourBytes, last]));
    expect(fields.map(([field]) => field)).to.deep.equal([1, 2, 3]);
    expect(fields[2]?.[2]).to.equal(1);
  });

  it('are numbers to the last of 64 bits where that is asked for', () => {
    const bytes = Buffer.from(LARGEST_UINT64, 'hex');
    expect(exactly(bytes, 2, bytes.length)).to.equal(2n ** 64n - 1n);
  });

  for (const [flaw, hex] of [
    ['a length beyond the end', '0a05616263'],
    ['a number without an end', '08ffff'],
    ['a number that is too long', `08${'ff'.repeat(11)}01`],
    ['a tag alone', '0a'],
    ['eight bytes of which some are missing', '0901020304'],
    ['a group, which nobody writes any more', '0b0c'],
  ] as const)
    it(`are not read where there is ${flaw}`, () => {
      expect(() => fieldsOf(Buffer.from(hex, 'hex'))).to.throw(RangeError);
    });
});
