import { createHash, hash } from 'node:crypto';

const HASH_BYTES = 32;

/** RFC 6962, 2.1: the hash of a leaf is that of a zero byte and its text in UTF-8. */
export const leafHash = (text: string): Buffer => hash('sha256', `\0${text}`, 'buffer');

const joined = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

const nodeHash = (left: Buffer, right: Buffer): Buffer => {
  left.copy(joined, 1);
  right.copy(joined, 1 + HASH_BYTES);
  return hash('sha256', joined, 'buffer');
};

/** A complete tree over some of the leaves; whether the one to be proved is among them. */
type Subtree = { readonly hash: Buffer; readonly leaves: number; readonly isProved: boolean };

/**
 * The Merkle tree hash of RFC 6962 over leaves that come one after the other, and the inclusion
 * proof of one of them. Nothing is kept but the roots of the complete subtrees so far, a few dozen
 * for any number of leaves.
 */
export const merkleTree = () => {
  const complete: Subtree[] = [];
  const siblings: Buffer[] = [];
  let size = 0;

  const join = (left: Subtree, right: Subtree): Subtree => {
    if (left.isProved) siblings.push(right.hash);
    if (right.isProved) siblings.push(left.hash);
    return {
      hash: nodeHash(left.hash, right.hash),
      leaves: left.leaves + right.leaves,
      isProved: left.isProved || right.isProved,
    };
  };

  return {
    size: () => size,
    /** `isProved`: this is the leaf that a proof is wanted of; of one at most. */
    add: (leaf: Buffer, isProved = false): void => {
      size += 1;
      let tree: Subtree = { hash: leaf, leaves: 1, isProved };
      for (let last = complete.at(-1); last?.leaves === tree.leaves; last = complete.at(-1)) {
        complete.pop();
        tree = join(last, tree);
      }
      complete.push(tree);
    },
    /** Of all leaves so far; ends what can be added. `path` has siblings from the leaf up. */
    close: (): { readonly root: string; readonly path: readonly string[] } => {
      let tree = complete.pop();
      for (let last = complete.pop(); tree && last; last = complete.pop()) tree = join(last, tree);
      const root = tree?.hash ?? createHash('sha256').digest();
      return { root: root.toString('hex'), path: siblings.map((one) => one.toString('hex')) };
    },
  };
};
