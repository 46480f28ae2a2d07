import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { keyedHash, seal, SEALED, unseal, type Place } from './personal.ts';

const keyOf = (name: string) => createHash('sha256').update(name).digest();
const key = keyOf('ana');
const place: Place = { subjectId: 'ana', field: 'name' };

describe('A personal string', () => {
  it('comes back as it was, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const sealed = seal(text, key, place);
        expect(sealed).to.match(new RegExp(SEALED));
        expect(unseal(sealed, key, place)).to.equal(text);
      }),
      { seed: 1 },
    );
  });

  it('looks different each time it is sealed', () => {
    expect(seal('Ana', key, place)).not.to.equal(seal('Ana', key, place));
  });

  it('is not opened with another key', () => {
    expect(() => unseal(seal('Ana', key, place), keyOf('bea'), place)).to.throw();
  });

  it('is not opened as somebody else’s, nor as something else of theirs', () => {
    const sealed = seal('Ana', key, place);
    for (const elsewhere of [{ subjectId: 'bea' }, { field: 'nickname' }])
      expect(() => unseal(sealed, key, { ...place, ...elsewhere })).to.throw();
  });

  it('is not opened when any part of it was altered', () => {
    const bytes = Buffer.from(seal('Ana', key, place).slice('sealed:1:'.length), 'base64url');
    for (const index of bytes.keys()) {
      const altered = Buffer.from(bytes);
      altered.writeUInt8(altered.readUInt8(index) ^ 1, index);
      const text = `sealed:1:${altered.toString('base64url')}`;
      expect(() => unseal(text, key, place), `byte ${index}`).to.throw();
    }
    const cut = `sealed:1:${bytes.subarray(0, 20).toString('base64url')}`;
    expect(() => unseal(cut, key, place)).to.throw();
  });
});

describe('A keyed hash', () => {
  const hash = keyedHash(key);

  it('is the same for the same value, and another for another kind, value or key', () => {
    expect(hash('cpf', '1'))
      .to.equal(hash('cpf', '1'))
      .and.match(/^[0-9a-f]{64}$/);
    expect(new Set([hash('cpf', '1'), hash('cpf', '2'), hash('email', '1')]).size).to.equal(3);
    expect(keyedHash(keyOf('bea'))('cpf', '1')).not.to.equal(hash('cpf', '1'));
    expect(hash('a', 'b,c')).not.to.equal(hash('a,b', 'c'));
  });
});
