import { expect } from 'chai';
import { auditPath, hashOfLeaf, isProved, treeHash } from '../../test/support/rfc6962.ts';
import { leafHash, merkleTree } from './tree.ts';

/** The leaves of the reference implementation of RFC 6962, and its roots over the first n of them. */
const LEAVES = [
  ...['', '00', '10', '2021', '3031', '40414243', '5051525354555657'],
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** Published proofs: of the leaf at an index, in the tree over the first `size`. */
const PROOFS: readonly (readonly [index: number, size: number, path: readonly string[]])[] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

const treeOver = (leaves: readonly Buffer[], proved = -1) => {
  const tree = merkleTree();
  leaves.forEach((leaf, nth) => {
    tree.add(leaf, nth === proved);
  });
  return tree.close();
};
const published = LEAVES.map((leaf) => leafHash(leaf.toString('utf8')));
const MANY = 130;
const many = Array.from({ length: MANY }, (_, nth) => leafHash(`leaf ${nth}`));

describe('The Merkle tree hash', () => {
  it('is that of the published vectors', () => {
    expect(treeOver([]).root).to.equal(EMPTY);
    ROOTS.forEach((root, nth) => {
      expect(treeOver(published.slice(0, nth + 1)).root, `${nth + 1} leaves`).to.equal(root);
    });
  });

  it('gives the proofs of the published vectors', () => {
    for (const [index, size, path] of PROOFS)
      expect(treeOver(published.slice(0, size), index).path).to.deep.equal(path);
  });

  it('hashes a leaf as its text in UTF-8', () => {
    const text = 'ação €';
    expect(leafHash(text)).to.deep.equal(hashOfLeaf(Buffer.from(text)));
  });

  it('is what another implementation says, for every number of leaves', () => {
    for (let size = 0; size <= MANY; size++)
      expect(treeOver(many.slice(0, size)).root).to.equal(
        treeHash(many.slice(0, size)).toString('hex'),
      );
  });

  it('proves every leaf of every tree to a verifier that knows nothing of it', () => {
    for (const size of [1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 64, MANY])
      for (let index = 0; index < size; index++) {
        const leaves = many.slice(0, size);
        const { root, path } = treeOver(leaves, index);
        const expected = auditPath(index, leaves).map((hash) => hash.toString('hex'));
        expect(path, `${index} of ${size}`).to.deep.equal(expected);
        const leaf = many[index]?.toString('hex') ?? '';
        const proof = { leaf, index, size, path, root };
        expect(isProved(proof)).to.equal(true);
        if (size > 1) {
          expect(isProved({ ...proof, index: (index + 1) % size }), 'elsewhere').to.equal(false);
          expect(isProved({ ...proof, path: path.slice(1) }), 'shorter').to.equal(false);
        }
        expect(isProved({ ...proof, leaf: EMPTY }), 'another leaf').to.equal(false);
      }
  });
});
