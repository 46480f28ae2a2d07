import { expect } from 'chai';
import { documentsIn, documentsSealing } from './documents.ts';

const key = Buffer.alloc(32, 7);
const owner = '5d0b2a52-3c5e-5a0e-9d0a-0000000000b1';
const documents = ['15350946056', '08948135015', '52998224725'];

describe('Documents sealed together', () => {
  const sealed = documentsSealing(key, owner)(documents);

  it('are in their order when they are opened', () => {
    expect(documentsIn(sealed, key, owner)).to.deep.equal(documents);
    expect(documentsIn(documentsSealing(key, owner)([]), key, owner)).to.deep.equal([]);
  });

  it('are in clear nowhere', () => {
    expect(sealed).to.match(/^sealed:1:/);
    for (const document of documents) expect(sealed).not.to.include(document);
  });

  it('are opened with no other key, and for no other owner', () => {
    expect(() => documentsIn(sealed, Buffer.alloc(32, 8), owner)).to.throw();
    expect(() => documentsIn(sealed, key, owner.replace('b1', 'b2'))).to.throw();
  });
});
