import { expect } from 'chai';
import { fingerprint } from '#shared/kernel/identity.ts';
import { keyedHash } from '#shared/kernel/personal.ts';
import { meta } from '#shared/testing/recorded.ts';
import { guarded } from './guarded.ts';

const ours = keyedHash(Buffer.alloc(32, 1));
const others = keyedHash(Buffer.alloc(32, 2));
const asked = (password: string) => ({
  meta: { ...meta, fingerprint: fingerprint({ password }, 'k') },
  keyed: true,
});

describe('A request with a password in it', () => {
  it('is still told from one with another', () => {
    const one = guarded(ours, asked('correct horse'));
    expect(guarded(ours, asked('correct horse'))).to.deep.equal(one);
    expect(guarded(ours, asked('battery staple')).meta.fingerprint).not.to.equal(
      one.meta.fingerprint,
    );
  });

  it('leaves nothing by which the password could be guessed without our key', () => {
    const { fingerprint: kept } = guarded(ours, asked('correct horse')).meta;
    expect(kept).not.to.equal(asked('correct horse').meta.fingerprint);
    expect(kept).not.to.equal(guarded(others, asked('correct horse')).meta.fingerprint);
  });

  it('is the same request otherwise', () => {
    const { meta: kept, ...rest } = guarded(ours, asked('correct horse'));
    expect({ ...kept, fingerprint: '' }).to.deep.equal({ ...meta, fingerprint: '' });
    expect(rest).to.deep.equal({ keyed: true });
  });
});
