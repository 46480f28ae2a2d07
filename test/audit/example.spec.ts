import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { leafOf, leafText } from '#shared/audit/leaf.ts';
import { fromLine } from '#shared/audit/stored.ts';
import { merkleTree } from '#shared/audit/tree.ts';
import { auditPath, hashOfLeaf, isProved, treeHash } from '../support/rfc6962.ts';

const SIZE = 3;

describe('The example that auditors are given', () => {
  let events: readonly string[];
  let hashes: ReadonlyMap<string, string>;

  before(async () => {
    const text = await readFile(new URL('../../docs/audit.md', import.meta.url), 'utf8');
    const example = text.slice(text.indexOf('## An example'));
    events = [...example.matchAll(/^\{"data".*$/gm)].map(([line]) => line);
    hashes = new Map(
      [...example.matchAll(/^(leaf \d|node 0-1|root) +([0-9a-f]{64})$/gm)].map(
        ([, name, hash]) => [String(name), String(hash)] as const,
      ),
    );
    expect(events).to.have.length(SIZE);
    expect(hashes.size).to.equal(SIZE + 2);
  });

  it('is right by another implementation than ours', () => {
    const leaves = events.map((line) => hashOfLeaf(Buffer.from(line)));
    leaves.forEach((leaf, nth) => {
      expect(leaf.toString('hex')).to.equal(hashes.get(`leaf ${nth}`));
    });
    expect(treeHash(leaves.slice(0, 2)).toString('hex')).to.equal(hashes.get('node 0-1'));
    expect(treeHash(leaves).toString('hex')).to.equal(hashes.get('root'));
    const path = auditPath(2, leaves).map((hash) => hash.toString('hex'));
    expect(path).to.deep.equal([hashes.get('node 0-1')]);
    const [leaf, root] = [hashes.get('leaf 2') ?? '', hashes.get('root') ?? ''];
    expect(isProved({ leaf, index: 2, size: SIZE, path, root })).to.equal(true);
  });

  it('is right by ours', () => {
    const tree = merkleTree();
    for (const line of events) {
      expect(leafText(fromLine(line))).to.equal(line);
      tree.add(leafOf(fromLine(line)));
    }
    expect(tree.close().root).to.equal(hashes.get('root'));
  });
});
