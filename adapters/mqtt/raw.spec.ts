import { expect } from 'chai';
import fc from 'fast-check';
import { LARGEST_KEPT_BYTES, rawOf } from './raw.ts';

describe('A payload that is kept', () => {
  it('is text where it is text', () => {
    const text = 'confirm transaction {14}\r\n';
    expect(rawOf(Buffer.from(text))).to.deep.equal({ payload: text, encoding: 'utf8', bytes: 26 });
    expect(rawOf(Buffer.from('\ufeffação'))).to.include({ payload: '\ufeffação' });
  });

  it('is in base64 where it is none, or cannot be kept as such', () => {
    expect(rawOf(Buffer.from([0xff, 0xfe]))).to.deep.equal({
      ...{ payload: '//4=', encoding: 'base64', bytes: 2 },
    });
    expect(rawOf(Buffer.from('a\0b')).encoding).to.equal('base64');
  });

  it('is cut where it is too long, between two characters', () => {
    const long = rawOf(Buffer.from(`x${'ã'.repeat(LARGEST_KEPT_BYTES)}`));
    expect(long).to.include({ encoding: 'utf8', bytes: 2 * LARGEST_KEPT_BYTES + 1 });
    expect(long.payload).to.equal(`x${'ã'.repeat(LARGEST_KEPT_BYTES / 2 - 1)}`);
  });

  it('is as it came, whatever came', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: LARGEST_KEPT_BYTES }), (bytes) => {
        const { payload, encoding } = rawOf(Buffer.from(bytes));
        expect(Buffer.from(payload, encoding)).to.deep.equal(Buffer.from(bytes));
      }),
      { seed: 1 },
    );
  });
});
